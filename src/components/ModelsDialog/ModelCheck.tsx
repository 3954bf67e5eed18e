import { useEffect } from 'react';
import { useStore } from 'zustand';
import { Copy, Stethoscope } from 'lucide-react';
import { problemsOf, reportOf } from '../../core/modelReport.ts';
import type { ModelCheck as Found } from '../../core/protocol/modelCheck.ts';
import { checkModel, endModelCheck, modelCheckStore } from '../../stores/model/modelCheckStore.ts';
import { modelStore } from '../../stores/model/modelStore.ts';
import { notify } from '../../stores/page/noticesStore.ts';
import { trackingStore } from '../../stores/work/trackingStore.ts';
import { Button } from '../Button/Button.tsx';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import styles from './ModelsDialog.module.css';

/** Tries the model that runs on a painted clip, and gives a report to send. */
export function ModelCheck() {
  const state = useStore(modelCheckStore);
  const model = useStore(modelStore);
  const isTracking = useStore(trackingStore, ({ phase }) => phase === 'running');
  const runningId = model.phase === 'ready' ? model.model.id : undefined;
  // What was found is of the model that was checked.
  useEffect(() => endModelCheck, [runningId]);
  if (runningId === undefined) return null;
  const isBusy = state.phase === 'running' || state.phase === 'comparing';
  return (
    <section className={styles.check} aria-label="Model check">
      <div className={styles.checkHead}>
        <p>
          Check that the model in use works here: it follows a painted disc through ten frames. Nothing of
          yours is used or sent.
        </p>
        {isBusy ? (
          <Button emphasis="solid" label="Cancel" onClick={endModelCheck} />
        ) : (
          <Button
            emphasis="solid"
            icon={<Stethoscope aria-hidden />}
            label="Check the model"
            unavailable={isTracking ? 'Tracking is running.' : undefined}
            onClick={() => void checkModel()}
          />
        )}
      </div>
      {state.phase === 'running' && (
        <ProgressBar label="Following the painted disc" value={state.done / state.total} />
      )}
      {state.phase === 'comparing' && <ProgressBar label="Comparing with the processor" />}
      {state.phase === 'failed' && (
        <p className={styles.problem} role="alert">
          {state.message}
        </p>
      )}
      {state.phase === 'checked' && <Outcome check={state.check} />}
    </section>
  );
}

function Outcome({ check }: { readonly check: Found }) {
  const problems = problemsOf(check);
  const report = reportOf(check, navigator.userAgent);
  const copy = () =>
    navigator.clipboard.writeText(report).then(
      () => notify('The report is copied.'),
      () => notify('The browser did not let the report be copied: select its text and copy it.'),
    );
  return (
    <>
      {problems.length === 0 ? (
        <p role="status">The model works: its masks are those of the painted disc.</p>
      ) : (
        <div className={styles.problem} role="alert">
          {problems.map((problem) => (
            <p key={problem}>{problem}</p>
          ))}
        </div>
      )}
      <pre className={styles.report} tabIndex={0} aria-label="Report">
        {report}
      </pre>
      <div>
        <Button icon={<Copy aria-hidden />} label="Copy the report" onClick={() => void copy()} />
      </div>
    </>
  );
}
