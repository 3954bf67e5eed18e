import { useRef, useState, type ChangeEvent } from 'react';
import { useStore } from 'zustand';
import { CircleCheck, FileText, Folder } from 'lucide-react';
import { openDialog } from '../../stores/page/uiStore.ts';
import {
  closeImport,
  examineMasks,
  importStore,
  type GivenFiles,
  type ImportState,
} from '../../stores/work/importStore.ts';
import { AppDialog } from '../AppDialog.tsx';
import { Button } from '../Button/Button.tsx';
import { plural } from '../format.ts';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import { FoundMasksForm } from './FoundMasksForm.tsx';
import form from '../formParts.module.css';
import styles from './ImportDialog.module.css';

/** Reads masks that other programs, or this one, have written. Nothing is changed until what was found is accepted. */
export function ImportDialog() {
  const state = useStore(importStore);
  return (
    <AppDialog name="import" title="Import masks" canClose={state.phase !== 'reading'} onClose={closeImport}>
      {(state.phase === 'idle' || state.phase === 'failed') && <Choose />}
      <Outcome state={state} />
    </AppDialog>
  );
}

function Choose() {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const choose = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    const given: GivenFiles = Array.from(currentTarget.files ?? [], (file) => ({
      // A file of a folder says where in it it is, with the folder’s own name first.
      path: file.webkitRelativePath.replace(/^[^/]*\//, '') || file.name,
      file,
    })).filter(({ path }) => !/(?:^|\/)\./.test(path));
    currentTarget.value = '';
    void examineMasks(given);
  };
  return (
    <>
      <p className={styles.text}>
        DAVIS, YouTube-VOS, MOSE, YouTube-VIS, COCO, MOTS, YOLO, CVAT, LabelMe, SA-V, or one PNG for each
        frame: a ZIP, a folder, or single files.
      </p>
      <div className={styles.buttons}>
        <Button
          emphasis="solid"
          icon={<FileText aria-hidden />}
          label="Choose files"
          onClick={() => files.current?.click()}
        />
        <Button
          emphasis="solid"
          icon={<Folder aria-hidden />}
          label="Choose a folder"
          onClick={() => folder.current?.click()}
        />
      </div>
      <input
        ref={files}
        type="file"
        hidden
        multiple
        accept=".zip,.json,.xml,.txt,.yaml,.yml,.png"
        aria-label="Files of masks"
        onChange={choose}
      />
      <input
        ref={(input) => {
          folder.current = input;
          input?.setAttribute('webkitdirectory', '');
        }}
        type="file"
        hidden
        aria-label="Folder of masks"
        onChange={choose}
      />
    </>
  );
}

function Outcome({ state }: { readonly state: ImportState }) {
  switch (state.phase) {
    case 'idle':
      return null;
    case 'looking':
      return (
        <div className={styles.progress}>
          <ProgressBar label="Looking through the files" />
          <p className={styles.text}>Looking through the files. Nothing is changed.</p>
        </div>
      );
    case 'found':
      return <FoundMasksForm findings={state.findings} />;
    case 'reading':
      return (
        <div className={styles.progress}>
          <ProgressBar label="Reading masks" value={state.doneFrames / Math.max(1, state.totalFrames)} />
          <p className={styles.text}>
            Frame {state.doneFrames} of {state.totalFrames}
          </p>
          <Button emphasis="solid" label="Cancel" onClick={closeImport} />
        </div>
      );
    case 'done':
      return (
        <>
          <p className={form.done}>
            <CircleCheck aria-hidden />
            {plural(state.objects, 'object')} with masks on {plural(state.frames, 'frame')}. Undo takes them
            back.
          </p>
          <footer className={styles.footer}>
            <Button
              emphasis="primary"
              label="Done"
              onClick={() => {
                openDialog(undefined);
                closeImport();
              }}
            />
          </footer>
        </>
      );
    case 'failed':
      return <Failure message={state.message} files={state.files} />;
  }
}

function Failure({ message, files }: { readonly message: string; readonly files: GivenFiles | undefined }) {
  const [name, setName] = useState('');
  return (
    <>
      <p className={styles.failed} role="alert">
        {message}
      </p>
      {files && /\bclips? /.test(message) && (
        <form
          className={styles.clip}
          onSubmit={(event) => {
            event.preventDefault();
            void examineMasks(files, name);
          }}
        >
          <label>
            Clip <input type="text" value={name} onChange={(event) => setName(event.currentTarget.value)} />
          </label>
          <Button type="submit" emphasis="solid" label="Look again" />
        </form>
      )}
    </>
  );
}
