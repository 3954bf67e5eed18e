import { TriangleAlert } from 'lucide-react';
import type { ObjectGaps } from '../../document/exportScope.ts';
import { formatRanges } from '../format.ts';
import form from '../formParts.module.css';

/** How many objects are named. */
const MAX_NAMED = 4;

/** What a person should know before they use the masks: what is missing, and of which object. */
export function ExportGaps({ gaps }: { readonly gaps: readonly ObjectGaps[] }) {
  if (gaps.length === 0) return null;
  const rest = gaps.length - MAX_NAMED;
  return (
    <div className={form.warning}>
      <TriangleAlert aria-hidden />
      <div>
        <ul aria-label="Missing">
          {gaps.slice(0, MAX_NAMED).map((each, at) => (
            <li key={at}>
              <b>{each.name}</b> {describeGaps(each)}
            </li>
          ))}
          {rest > 0 && <li>{rest === 1 ? 'One more object' : `${rest} more objects`} with gaps.</li>}
        </ul>
        {gaps.some(({ isEmpty }) => !isEmpty) && (
          <p>A frame without a mask is background. Track fills the gaps.</p>
        )}
      </div>
    </div>
  );
}

function describeGaps({ isEmpty, isUntracked, missing, stale }: ObjectGaps): string {
  if (isEmpty) return 'is empty and is left out.';
  const parts = [
    isUntracked && 'has never been tracked',
    missing.length > 0 && `has no mask on ${formatRanges(missing)}`,
    stale.length > 0 && `is stale on ${formatRanges(stale)}`,
  ].filter((part) => part !== false);
  return `${parts.join(', ')}.`;
}
