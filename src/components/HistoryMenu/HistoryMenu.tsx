import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { History } from 'lucide-react';
import { Popover } from 'radix-ui';
import { HISTORY_LIMIT } from '../../document/history.ts';
import { listSteps, type ListedStep } from '../../document/steps.ts';
import { videoStore } from '../../stores/clip/videoStore.ts';
import { restoreRun } from '../../stores/project/keptRuns.ts';
import { projectStore } from '../../stores/project/projectStore.ts';
import { openDialog, uiStore } from '../../stores/page/uiStore.ts';
import { jumpToStep, objectsStore } from '../../stores/work/objectsStore.ts';
import { formatWhen, listNames, plural } from '../format.ts';
import { CommandButton } from '../Button/CommandButton.tsx';
import { WorkLog } from './WorkLog.tsx';
import styles from './HistoryMenu.module.css';

/** A button, and behind it all that was done, step by step: a click on a step goes there. Below, runs to bring back, and the log. */
export function HistoryMenu() {
  const isOpen = useStore(uiStore, (state) => state.dialog === 'history');
  const anchor = useRef<HTMLDivElement>(null);
  return (
    <Popover.Root open={isOpen} onOpenChange={(open) => openDialog(open ? 'history' : undefined)}>
      <Popover.Anchor ref={anchor} className={styles.anchor}>
        <CommandButton id="history" icon={<History aria-hidden />} roomy />
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          className={styles.menu}
          aria-label="History"
          sideOffset={6}
          collisionPadding={8}
          onOpenAutoFocus={(event) => event.preventDefault()}
          onInteractOutside={(event) => {
            // The button closes it by itself.
            if (event.target instanceof Node && anchor.current?.contains(event.target))
              event.preventDefault();
          }}
        >
          <Steps />
          <Runs />
          <WorkLog />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Steps() {
  const history = useStore(objectsStore, (state) => state.history);
  const name = useStore(videoStore, ({ clip }) => clip?.name ?? '');
  const start = history.past.length < HISTORY_LIMIT ? `Open ${name}` : 'The oldest step that is kept';
  const current = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    current.current?.focus();
    current.current?.scrollIntoView({ block: 'nearest' });
  }, [history]);
  return (
    <ol className={styles.steps} aria-label="Steps">
      {listSteps(history, start).map(({ text, state }, at) => (
        <li key={at}>
          <button
            ref={state === 'current' ? current : undefined}
            type="button"
            className={styles.step}
            data-state={state}
            aria-current={state === 'current' ? 'step' : undefined}
            title={TITLES[state]}
            onClick={() => jumpToStep(at)}
          >
            {text}
          </button>
        </li>
      ))}
    </ol>
  );
}

function Runs() {
  const runs = useStore(projectStore, (state) => state.runs);
  if (runs.length === 0) return null;
  return (
    <section className={styles.runs} aria-labelledby="runs-title">
      <h3 id="runs-title">Bring back a tracking run</h3>
      <ul className={styles.steps} aria-labelledby="runs-title">
        {runs.map((run) => (
          <li key={run.id}>
            <button
              type="button"
              className={styles.step}
              title="Gives these objects the points and masks that they had when the run ended. This can be undone."
              onClick={() => {
                openDialog(undefined);
                void restoreRun(run);
              }}
            >
              {formatWhen(run.at)}, {listNames(run.objects)}: {plural(run.masks, 'mask')}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const TITLES: Record<ListedStep['state'], string> = {
  done: 'Undo everything after this step',
  current: 'This is where you are',
  undone: 'Redo up to this step',
};
