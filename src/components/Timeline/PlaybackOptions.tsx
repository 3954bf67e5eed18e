import { useStore } from 'zustand';
import { Repeat, Volume2, VolumeX } from 'lucide-react';
import { playbackStore, setSpeed, SPEEDS, type Speed } from '../../stores/clip/playbackStore.ts';
import { soundStore } from '../../stores/clip/sound.ts';
import { CommandButton } from '../Button/CommandButton.tsx';
import styles from './Timeline.module.css';

const SPEED_NAMES: Record<Speed, string> = { 0.25: '¼×', 0.5: '½×', 1: '1×', 2: '2×', 4: '4×' };

/** How the clip is played: its speed, over and over or once, with or without its sound. */
export function PlaybackOptions() {
  const { speed, loops } = useStore(playbackStore);
  const { phase, muted } = useStore(soundStore);
  return (
    <div className={styles.options} role="group" aria-label="Playback">
      <select
        className={styles.speed}
        aria-label="Speed"
        title="Playback speed (, slower, . faster)"
        value={speed}
        onChange={({ currentTarget }) => {
          const chosen = SPEEDS.find((each) => String(each) === currentTarget.value);
          if (chosen !== undefined) setSpeed(chosen);
          // Space goes on to play.
          currentTarget.blur();
        }}
      >
        {SPEEDS.map((each) => (
          <option key={each} value={each}>
            {SPEED_NAMES[each]}
          </option>
        ))}
      </select>
      <CommandButton id="loop" icon={<Repeat aria-hidden />} iconOnly pressed={loops} />
      {phase !== 'none' && (
        <CommandButton
          id="mute"
          label={muted ? 'Unmute' : 'Mute'}
          icon={muted || phase === 'unplayable' ? <VolumeX aria-hidden /> : <Volume2 aria-hidden />}
          iconOnly
        />
      )}
    </div>
  );
}
