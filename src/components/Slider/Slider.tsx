import { Slider as Radix } from 'radix-ui';
import styles from './Slider.module.css';

interface SliderProps {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  /** The id of the element that names it. */
  readonly labelledBy: string;
  /** The value in words. */
  readonly text: string;
  readonly onChange: (value: number) => void;
  /** Called with the value that it is let go of at, before or after `onChange`. */
  readonly onKeep?: (value: number) => void;
}

/** A value that is chosen by dragging. */
export function Slider({ min, max, step, value, labelledBy, text, onChange, onKeep }: SliderProps) {
  return (
    <Radix.Root
      className={styles.slider}
      {...{ min, max, step }}
      value={[value]}
      onValueChange={([next]) => next !== undefined && onChange(next)}
      onValueCommit={([next]) => next !== undefined && onKeep?.(next)}
    >
      <Radix.Track className={styles.track}>
        <Radix.Range className={styles.range} />
      </Radix.Track>
      <Radix.Thumb className={styles.thumb} aria-labelledby={labelledBy} aria-valuetext={text} />
    </Radix.Root>
  );
}
