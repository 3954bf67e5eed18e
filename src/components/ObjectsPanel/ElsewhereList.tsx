import { type ClipLookedIn, type Search } from '../../stores/project/elsewhereStore.ts';
import { allowElsewhere, closeElsewhere, stopElsewhere } from '../../stores/project/elsewhere.ts';
import { openProject } from '../../stores/project/projects.ts';
import { openWaiting } from '../../stores/project/waiting.ts';
import { Button } from '../Button/Button.tsx';
import { plural } from '../format.ts';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import { searchSentence } from './searchSentence.ts';
import styles from './ObjectsPanel.module.css';

/** How looking in the clips of other projects goes: where something was found, which videos the browser asks about, and which clips were left out and why. */
export function ElsewhereList({ search }: { readonly search: Search }) {
  const { phase, name, clips } = search;
  const leftOut = clips.filter(({ outcome }) => outcome.kind === 'left out');
  const asking = clips.filter(({ outcome }) => outcome.kind === 'asks');
  const looked = clips.filter(({ outcome }) => outcome.kind === 'done').length;
  const isGoing = phase !== 'ended';
  return (
    <section className={styles.elsewhere} aria-labelledby="elsewhere-title">
      <header className={styles.header}>
        <h2 id="elsewhere-title">Like {name}, in other clips</h2>
      </header>
      {isGoing && (
        <ProgressBar
          label={`Looking for more like ${name} in other clips`}
          value={clips.length > 0 ? (looked + asking.length + leftOut.length) / clips.length : undefined}
        />
      )}
      <p className={styles.hint} role="status">
        {searchSentence(search)}
      </p>
      <ul className={styles.found} aria-labelledby="elsewhere-title">
        {clips.map((clip) => (
          <FoundInClip key={clip.id} clip={clip} />
        ))}
        {asking.map((clip) => (
          <AskingClip key={clip.id} clip={clip} />
        ))}
      </ul>
      {leftOut.length > 0 && (
        <details className={styles.options}>
          <summary>{plural(leftOut.length, 'clip')} left out</summary>
          <ul className={styles.found}>
            {leftOut.map((clip) => (
              <LeftOut key={clip.id} clip={clip} />
            ))}
          </ul>
        </details>
      )}
      <div className={styles.proposalActions}>
        {isGoing ? (
          <Button emphasis="solid" label="Stop looking in other clips" text="Stop" onClick={stopElsewhere} />
        ) : (
          <Button emphasis="solid" label="Close this list" text="Close" onClick={closeElsewhere} />
        )}
      </div>
    </section>
  );
}

function FoundInClip({ clip: { id, name, outcome } }: { readonly clip: ClipLookedIn }) {
  if (outcome.kind !== 'done' || outcome.found === 0) return null;
  return (
    <li>
      <button type="button" className={styles.proposal} onClick={() => void openWaiting(id)}>
        <span className={styles.text}>
          <span className={styles.name}>{name}</span>{' '}
          <span className={styles.detail}>{outcome.found} found: open it, and accept what is right</span>
        </span>
      </button>
    </li>
  );
}

function AskingClip({ clip: { id, name } }: { readonly clip: ClipLookedIn }) {
  return (
    <li className={styles.asking}>
      <span className={styles.text}>
        <span className={styles.name}>{name}</span>{' '}
        <span className={styles.detail}>The browser asks whether its video may be read</span>
      </span>
      <Button
        emphasis="solid"
        label={`Allow reading the video of ${name}`}
        text="Allow"
        onClick={() => void allowElsewhere(id)}
      />
    </li>
  );
}

function LeftOut({ clip: { id, name, outcome } }: { readonly clip: ClipLookedIn }) {
  return (
    <li>
      <button type="button" className={styles.proposal} onClick={() => void openProject(id)}>
        <span className={styles.text}>
          <span className={styles.name}>{name}</span>{' '}
          <span className={styles.detail}>{outcome.kind === 'left out' && outcome.why}</span>
        </span>
      </button>
    </li>
  );
}
