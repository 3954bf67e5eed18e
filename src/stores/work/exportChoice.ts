import { EXPORT_FORMATS, type ExportFormatId, type Switches } from './exportFormats.ts';
import { DEFAULT_NAME_PATTERN, patternFault } from './exportTask.ts';

/** What a person chose for the last export, and finds chosen the next time. */
export interface ExportChoice {
  readonly format: ExportFormatId;
  readonly switches: Switches;
  /** Every how many frames one is exported. */
  readonly step: number;
  readonly namePattern: string;
}

const KEY = 'masklet-export';

const USUAL: ExportChoice = { format: 'png', switches: {}, step: 1, namePattern: DEFAULT_NAME_PATTERN };

/** The choice of the last export; the usual one where there was none. */
export function lastExportChoice(): ExportChoice {
  try {
    const saved = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<
      Record<keyof ExportChoice, unknown>
    >;
    const { format, switches, step, namePattern } = saved;
    return {
      format:
        typeof format === 'string' && Object.hasOwn(EXPORT_FORMATS, format)
          ? (format as ExportFormatId)
          : 'png',
      switches: typeof switches === 'object' && switches !== null ? switches : {},
      step: typeof step === 'number' && Number.isInteger(step) && step >= 1 ? step : 1,
      namePattern:
        typeof namePattern === 'string' && patternFault(namePattern) === undefined
          ? namePattern
          : DEFAULT_NAME_PATTERN,
    };
  } catch {
    return USUAL;
  }
}

/** Keeps a choice for the next export. */
export function keepExportChoice(choice: ExportChoice): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(choice));
  } catch {
    // Storage may be forbidden; the next export then begins with the usual choice.
  }
}
