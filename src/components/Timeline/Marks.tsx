import { useStore } from 'zustand';
import { Slider } from 'radix-ui';
import { playbackStore, setMarks } from '../../stores/clip/playbackStore.ts';
import { runAltCommand } from './runAltCommand.ts';
import styles from './Timeline.module.css';

/** The handles of the in-mark and the out-mark: what tracking and locking reach. */
export function Marks({ frameCount }: { readonly frameCount: number }) {
  const range = useStore(playbackStore, (state) => state.range);
  const { first, last } = range ?? { first: 0, last: frameCount - 1 };
  return (
    <Slider.Root
      className={styles.marks}
      min={0}
      max={frameCount - 1}
      step={1}
      value={[first, last]}
      onKeyDown={runAltCommand}
      onValueChange={([from = 0, to = frameCount - 1]) => setMarks({ first: from, last: to })}
    >
      <Slider.Track className={styles.markTrack}>
        <Slider.Range className={styles.markRange} data-set={range !== undefined || undefined} />
      </Slider.Track>
      <Slider.Thumb className={styles.mark} aria-label="In-mark" aria-valuetext={`From frame ${first}`} />
      <Slider.Thumb className={styles.mark} aria-label="Out-mark" aria-valuetext={`To frame ${last}`} />
    </Slider.Root>
  );
}
