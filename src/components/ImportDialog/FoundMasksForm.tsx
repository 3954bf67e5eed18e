import { useState } from 'react';
import { TriangleAlert } from 'lucide-react';
import type { ImportAs } from '../../document/importedMasks.ts';
import type { FrameMatching } from '../../formats/matchFrames.ts';
import { formatFacts, type FormatId } from '../../formats/formatFacts.ts';
import { acceptMasks, closeImport, misfits, type Findings } from '../../stores/work/importStore.ts';
import { Button } from '../Button/Button.tsx';
import { plural } from '../format.ts';
import form from '../formParts.module.css';
import styles from './ImportDialog.module.css';

/** Objects and sentences that are named. */
const MOST_NAMED = 6;

const MATCHINGS: Readonly<Record<FrameMatching, string>> = {
  number: 'By number',
  time: 'By time stamp',
  order: 'One after the other',
};

const KINDS: readonly [as: ImportAs, label: string, hint: string][] = [
  ['finished', 'Finished masks', 'locked; unlock an object to correct it'],
  ['prompts', 'Prompts', 'what Track sets out from'],
];

/** What was found, what does not fit, and how it is taken. */
export function FoundMasksForm({ findings }: { readonly findings: Findings }) {
  const { format, clip, left, matchings } = findings;
  const [matching, setMatching] = useState(matchings[0] ?? 'number');
  const [as, setAs] = useState<ImportAs>('finished');
  const names = clip.objects.slice(0, MOST_NAMED).map(({ name }) => name);
  const more = clip.objects.length - names.length;
  const sentences = [...misfits(findings, matching), ...left.sentences];
  const hidden = sentences.length - MOST_NAMED + Math.max(0, left.count - left.sentences.length);
  return (
    <>
      <p className={styles.found} data-testid="import-found">
        {formatFacts(format as FormatId).label}: {plural(clip.objects.length, 'object')} on{' '}
        {plural(clip.frames.length, 'frame')}
      </p>
      <p className={styles.text}>
        {names.join(', ')}
        {more > 0 && ` and ${more} more`}
      </p>
      <Choices
        legend="Frames are matched"
        name="import-matching"
        choices={matchings.map((each) => [each, MATCHINGS[each], ''])}
        chosen={matching}
        onChoose={setMatching}
      />
      <Choices legend="Masks become" name="import-as" choices={KINDS} chosen={as} onChoose={setAs} />
      {sentences.length > 0 && (
        <div className={form.warning}>
          <TriangleAlert aria-hidden />
          <ul aria-label="What does not fit">
            {sentences.slice(0, MOST_NAMED).map((sentence, at) => (
              <li key={at}>{sentence}</li>
            ))}
            {hidden > 0 && <li>And {hidden} more.</li>}
          </ul>
        </div>
      )}
      <footer className={styles.footer}>
        <Button emphasis="solid" label="Other files" onClick={closeImport} />
        <Button emphasis="primary" label="Import" onClick={() => void acceptMasks(findings, matching, as)} />
      </footer>
    </>
  );
}

interface ChoicesProps<Value extends string> {
  readonly legend: string;
  readonly name: string;
  readonly choices: readonly (readonly [value: Value, label: string, hint: string])[];
  readonly chosen: Value;
  readonly onChoose: (value: Value) => void;
}

function Choices<Value extends string>({ legend, name, choices, chosen, onChoose }: ChoicesProps<Value>) {
  return (
    <div role="radiogroup" aria-label={legend} className={styles.choices}>
      <span className={styles.legend}>{legend}</span>
      {choices.map(([value, label, hint]) => (
        <label key={value} className={form.radio}>
          <input
            type="radio"
            name={name}
            aria-label={label}
            checked={chosen === value}
            onChange={() => onChoose(value)}
          />
          <b>{label}</b>
          <span className={styles.text}>{hint}</span>
        </label>
      ))}
    </div>
  );
}
