import type { FrameRange } from '../../core/frameRanges.ts';
import type { MaskDocument } from '../../document/document.ts';
import { framesOf, type FrameChoice } from '../../document/exportScope.ts';
import { plural } from '../format.ts';
import form from '../formParts.module.css';
import styles from './ExportDialog.module.css';

interface FrameChoicesProps {
  readonly document: MaskDocument;
  readonly frameCount: number;
  readonly range: FrameRange | undefined;
  readonly choice: FrameChoice;
  /** Every how many of them one is exported, where that can be chosen. */
  readonly step?: number;
  readonly isDisabled: boolean;
  readonly onChoose: (choice: FrameChoice) => void;
  readonly onStep?: (step: number) => void;
}

const CHOICES: readonly [choice: FrameChoice, label: string][] = [
  ['marks', 'Marks'],
  ['masked', 'With masks'],
  ['all', 'All'],
];

/** Which frames are exported. */
export function FrameChoices({
  document,
  frameCount,
  range,
  choice,
  step = 1,
  isDisabled,
  onChoose,
  onStep,
}: FrameChoicesProps) {
  const count = (each: FrameChoice) =>
    plural(framesOf(each, document, { frameCount, range }).length, 'frame');
  const explain = (each: FrameChoice) => {
    if (each !== 'marks') return count(each);
    return range ? `${range.first} to ${range.last}, ${count(each)}` : 'no marks are set: press I and O';
  };
  return (
    <div role="radiogroup" aria-labelledby="export-frames" className={styles.frames}>
      <span id="export-frames" className={styles.legend}>
        Frames
      </span>
      {CHOICES.map(([each, label]) => (
        <label key={each} className={form.radio}>
          <input
            type="radio"
            name="export-frames"
            aria-label={label}
            aria-describedby={`export-${each}-count`}
            checked={choice === each}
            disabled={isDisabled || (each === 'marks' && !range)}
            onChange={() => onChoose(each)}
          />
          <b>{label}</b>
          <span id={`export-${each}-count`} className={styles.count}>
            {explain(each)}
          </span>
        </label>
      ))}
      {onStep && (
        <label className={styles.step}>
          Every
          <input
            type="number"
            aria-label="Every Nth frame"
            min={1}
            max={frameCount}
            value={step}
            disabled={isDisabled}
            onChange={({ currentTarget: { valueAsNumber: next } }) => {
              if (Number.isInteger(next) && next >= 1) onStep(next);
            }}
          />
          {step === 1 ? 'frame: all of them' : `frames, one`}
        </label>
      )}
    </div>
  );
}
