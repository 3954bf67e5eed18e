import type { MouseEvent } from 'react';
import { useStore } from 'zustand';
import { ChevronDown, Square, Waypoints } from 'lucide-react';
import { trackingStore } from '../../stores/work/trackingStore.ts';
import { Button } from '../Button/Button.tsx';
import { CommandButton } from '../Button/CommandButton.tsx';
import { CommandMenu } from '../CommandMenu/CommandMenu.tsx';
import styles from './TrackButton.module.css';

const WAYS = [
  'track',
  'trackFast',
  'trackObject',
  'trackForward',
  'trackBackward',
  'trackStep',
  'trackStepBack',
  'followEverything',
  'detailPass',
] as const;

interface TrackButtonProps {
  /** On a phone it is in the status line, which is always to be seen; else beside the transport. */
  readonly place: 'transport' | 'status';
}

/** Track and the other ways to track; Stop in its place while a run goes on. */
export function TrackButton({ place }: TrackButtonProps) {
  const isRunning = useStore(trackingStore, (state) => state.phase === 'running');
  return (
    <div className={styles.split} data-place={place} onClickCapture={dropSecondClick}>
      <CommandButton
        id={isRunning ? 'cancel' : 'track'}
        className={styles.main}
        emphasis="primary"
        icon={isRunning ? <Square aria-hidden /> : <Waypoints aria-hidden />}
        detail={isRunning ? 'tracking; the masks so far stay' : 'all that is open'}
      />
      {!isRunning && (
        <CommandMenu
          ids={WAYS}
          labels={{
            track: 'Track all objects',
            trackFast: 'Track fast, with some frames filled in',
            detailPass: 'Decode this object again in detail',
          }}
        >
          <Button
            className={styles.more}
            emphasis="primary"
            iconOnly
            icon={<ChevronDown aria-hidden />}
            label="More ways to track"
          />
        </CommandMenu>
      )}
    </div>
  );
}

/** A double click on Track starts a run: its second click must not stop it. */
function dropSecondClick(event: MouseEvent): void {
  if (event.detail > 1) event.stopPropagation();
}
