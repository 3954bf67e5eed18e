import { useStore } from 'zustand';
import type { TrackSettings } from '../../core/protocol/segmenter.ts';
import { changePausesAtShots, changeSettings, objectsStore } from '../../stores/work/objectsStore.ts';
import styles from './ObjectsPanel.module.css';

const OPTIONS: readonly [key: keyof TrackSettings, label: string, explanation: string][] = [
  [
    'allowOverlap',
    'Tracked masks may overlap',
    'Otherwise each pixel goes to the object that is surest of it.',
  ],
  ['fillHoles', 'Fill small holes', 'Holes of a few pixels in tracked masks are closed.'],
  [
    'skipDoubtful',
    'Remember sure frames only',
    'Frames of which the model is unsure do not teach it what the object looks like.',
  ],
  [
    'forgetAround',
    'Forget masks around corrections',
    'What was tracked within seven frames of a prompted frame does not teach the model what the object looks like.',
  ],
];

/** How the next run tracks. */
export function TrackOptions() {
  const settings = useStore(objectsStore, (state) => state.history.present.settings);
  const pausesAtShots = useStore(objectsStore, (state) => state.history.present.pausesAtShots);
  return (
    <details className={styles.options}>
      <summary>Tracking options</summary>
      {OPTIONS.map(([key, label, explanation]) => (
        <label key={key} className={styles.setting} title={explanation}>
          <input
            type="checkbox"
            checked={settings[key]}
            onChange={(event) => changeSettings({ [key]: event.target.checked })}
          />
          {label}
        </label>
      ))}
      <label
        className={styles.setting}
        title="The run ends where a new shot begins; Track continues after it."
      >
        <input
          type="checkbox"
          checked={pausesAtShots}
          onChange={(event) => changePausesAtShots(event.target.checked)}
        />
        Pause at shot changes
      </label>
    </details>
  );
}
