import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { timelineStore } from '../../stores/clip/timelineStore.ts';
import { seek } from '../../stores/work/trackingStore.ts';
import styles from './Timeline.module.css';

interface FrameFieldProps {
  readonly frame: number;
  readonly frameCount: number;
}

/** The number of the frame at the playhead. Another one can be typed; what is no number changes nothing. */
export function FrameField({ frame, frameCount }: FrameFieldProps) {
  const ref = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState<string>();
  useEffect(() => {
    timelineStore.setState({
      focusFrameField: () => {
        ref.current?.focus();
        ref.current?.select();
      },
    });
    return () => timelineStore.setState({ focusFrameField: undefined });
  }, []);
  const commit = () => {
    const typed = draft?.trim() ?? '';
    if (/^\d+$/.test(typed)) seek(Number(typed));
    setDraft(undefined);
  };
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') {
      commit();
      event.currentTarget.blur();
    } else if (event.key === 'Escape') {
      setDraft(undefined);
      // Only the field is left: whatever runs goes on.
      event.preventDefault();
    }
  };
  return (
    <input
      ref={ref}
      className={styles.frameField}
      type="text"
      inputMode="numeric"
      autoComplete="off"
      aria-label="Frame number"
      title={`Type a frame’s number, 0 to ${frameCount - 1}`}
      style={{ width: `calc(${Math.max(2, String(frameCount - 1).length)}ch + 14px)` }}
      value={draft ?? frame}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onKeyDown={press}
      onBlur={commit}
    />
  );
}
