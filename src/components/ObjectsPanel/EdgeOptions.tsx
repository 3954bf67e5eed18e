import { useStore } from 'zustand';
import { EDGE_LIMITS, isPlain, PLAIN_EDGE, type EdgeSettings } from '../../core/edges/edgeSettings.ts';
import type { MaskObject } from '../../document/document.ts';
import {
  edgeStore,
  keepEdge,
  setEdge,
  setEdgeOfAll,
  shownEdge,
  tryEdge,
} from '../../stores/work/edgeStore.ts';
import { Button } from '../Button/Button.tsx';
import { Slider } from '../Slider/Slider.tsx';
import styles from './ObjectsPanel.module.css';

const SETTINGS: readonly [key: keyof EdgeSettings, label: string, explanation: string][] = [
  [
    'detail',
    'Fine detail',
    'Follows hair, fur and motion blur in the frame, as far from the edge as you choose.',
  ],
  ['strength', 'Strength', 'How much of the fine detail counts against the edge of the mask.'],
  ['feather', 'Feather', 'Blurs the edge.'],
  ['grow', 'Grow', 'Moves the edge outwards, or inwards to the left.'],
  [
    'steady',
    'Steady',
    'Takes flicker away: near the edge, a pixel goes with most of three frames, this one and those beside it.',
  ],
  ['smooth', 'Smooth', 'Levels bumps and dents.'],
  ['holes', 'Fill holes', 'Fills holes up to this width.'],
  ['specks', 'Remove specks', 'Takes loose parts up to this width away. The largest part stays.'],
];

interface EdgeOptionsProps {
  readonly object: MaskObject;
  /** Whether there are other objects. */
  readonly hasOthers: boolean;
}

/** How the edge of an object's masks is shown and exported. */
export function EdgeOptions({ object, hasOthers }: EdgeOptionsProps) {
  const edge = useStore(edgeStore, (state) => shownEdge(object, state));
  return (
    <details className={styles.options}>
      <summary>Edge of {object.name}</summary>
      {SETTINGS.filter(([key]) => key !== 'strength' || edge.detail > 0).map(([key, label, explanation]) => {
        const [least, most] = EDGE_LIMITS[key];
        const text = key === 'strength' ? `${edge[key]} %` : `${edge[key]} px`;
        return (
          <div key={key} className={styles.setting} title={explanation}>
            <span id={`edge-${key}`} className={styles.settingName}>
              {label}
            </span>
            <Slider
              min={least}
              max={most}
              step={1}
              value={edge[key]}
              labelledBy={`edge-${key}`}
              text={text}
              onChange={(value) => tryEdge(object.id, { [key]: value })}
              onKeep={(value) => keepEdge(object.id, { [key]: value })}
            />
            <span className={styles.settingValue}>{text}</span>
          </div>
        );
      })}
      <p className={styles.hint}>
        The masks stay as they are. Fine detail and Feather show in the looks without colours, as Cut-out.
      </p>
      <div className={styles.edgeButtons}>
        <Button
          label="Reset"
          unavailable={isPlain(edge) ? 'The edge is as the masks have it.' : undefined}
          onClick={() => setEdge(object.id, PLAIN_EDGE)}
        />
        {hasOthers && <Button label="Use for all objects" onClick={() => setEdgeOfAll(edge)} />}
      </div>
    </details>
  );
}
