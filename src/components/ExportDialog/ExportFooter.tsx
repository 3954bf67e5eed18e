import { useStore } from 'zustand';
import { CircleCheck } from 'lucide-react';
import { notifyError } from '../../stores/page/noticesStore.ts';
import { saveProjectFile } from '../../stores/project/projectList.ts';
import { projectStore } from '../../stores/project/projectStore.ts';
import { canWriteFolders, chooseFolder } from '../../stores/work/exportFolder.ts';
import type { ExportOrder } from '../../stores/work/exportTask.ts';
import {
  cancelExport,
  continueExport,
  exportStore,
  saveExport,
  saveExportInFolder,
} from '../../stores/work/exportStore.ts';
import { Button } from '../Button/Button.tsx';
import { formatSize } from '../format.ts';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import form from '../formParts.module.css';
import styles from './ExportDialog.module.css';

interface ExportFooterProps {
  readonly order: ExportOrder;
  /** Why it cannot be saved. */
  readonly fault: string | undefined;
}

/** Save, how far it is, and how it ended. */
export function ExportFooter({ order, fault }: ExportFooterProps) {
  const state = useStore(exportStore);
  const project = useStore(projectStore);
  if (state.phase === 'running') {
    const { doneFrames, totalFrames, writtenBytes } = state;
    const frames = totalFrames > 0 ? `Frame ${doneFrames} of ${totalFrames} · ` : '';
    return (
      <footer className={styles.footer}>
        <div className={styles.progress}>
          <ProgressBar
            label="Exporting masks"
            value={totalFrames > 0 ? doneFrames / totalFrames : undefined}
          />
          <span>
            {frames}
            {formatSize(writtenBytes)} written
          </span>
        </div>
        <Button emphasis="solid" label="Cancel" onClick={cancelExport} />
      </footer>
    );
  }
  const isProject = order.format === 'project';
  const noProject =
    isProject && project.id === undefined
      ? 'There is no project yet: it begins with the first change.'
      : undefined;
  const why = fault ?? noProject;
  const save = () => {
    if (!isProject) void saveExport(order);
    else if (project.id !== undefined) void saveProjectFile(project.id, project.name);
  };
  return (
    <footer className={styles.footer}>
      {state.phase === 'failed' && (
        <p className={styles.failed} role="alert">
          {state.message}
          {state.kept !== undefined && ` The files that are whole are in ${state.kept}.`}
        </p>
      )}
      {why !== undefined && state.phase !== 'failed' && <p className={styles.failed}>{why}</p>}
      {state.phase === 'done' && (
        <div className={styles.outcome}>
          <p className={form.done}>
            <CircleCheck aria-hidden />
            {formatSize(state.writtenBytes)} {state.outcome}.
          </p>
          {state.notes.map((note) => (
            <p key={note} className={styles.text}>
              {note}
            </p>
          ))}
        </div>
      )}
      {state.phase === 'failed' && state.kept !== undefined && (
        <Button emphasis="solid" label="Go on" onClick={() => void continueExport()} />
      )}
      {!isProject && canWriteFolders() && (
        <Button
          emphasis="solid"
          label="Save to a folder"
          unavailable={why}
          onClick={() =>
            void chooseFolder().then((folder) => folder && saveExportInFolder(order, folder), notifyError)
          }
        />
      )}
      <Button emphasis="primary" label="Save" unavailable={why} onClick={save} />
    </footer>
  );
}
