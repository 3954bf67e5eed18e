import type { ExportChoice } from '../../stores/work/exportChoice.ts';
import {
  EXPORT_FORMATS,
  exportFormat,
  formatsFor,
  PURPOSES,
  type ExportFormatId,
  type Switches,
} from '../../stores/work/exportFormats.ts';
import styles from './ExportDialog.module.css';

interface FormatChoiceProps {
  readonly format: ExportFormatId;
  readonly switches: Switches;
  readonly description: string;
  readonly isDisabled: boolean;
  readonly onChange: (changed: Partial<ExportChoice>) => void;
}

/** Rows of the list that are seen at once. */
const ROWS = 8;

/** The formats by what they are for, and the switches of the one that is chosen. */
export function FormatChoice({ format, switches, description, isDisabled, onChange }: FormatChoiceProps) {
  return (
    <>
      <label className={styles.format}>
        <span className={styles.legend}>Format</span>
        <select
          size={ROWS}
          value={format}
          disabled={isDisabled}
          onChange={(event) => onChange({ format: event.currentTarget.value as ExportFormatId })}
        >
          {(Object.keys(PURPOSES) as (keyof typeof PURPOSES)[]).map((purpose) => (
            <optgroup key={purpose} label={PURPOSES[purpose]}>
              {formatsFor(purpose).map((id) => (
                <option key={id} value={id}>
                  {EXPORT_FORMATS[id].label}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <p className={styles.text}>{description}</p>
      {exportFormat(format).switches?.map(({ key, label }) => (
        <label key={key} className={styles.choice}>
          <input
            type="checkbox"
            checked={switches[key] === true}
            disabled={isDisabled}
            onChange={(event) => onChange({ switches: { ...switches, [key]: event.currentTarget.checked } })}
          />
          {label}
        </label>
      ))}
    </>
  );
}
