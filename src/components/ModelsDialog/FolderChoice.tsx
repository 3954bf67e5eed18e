import { useEffect, useRef, type ChangeEvent } from 'react';
import { useStore } from 'zustand';
import { FolderOpen } from 'lucide-react';
import { addModel, libraryStore } from '../../stores/model/libraryStore.ts';
import { Button } from '../Button/Button.tsx';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import styles from './ModelsDialog.module.css';

/** Adds a model from a folder on this machine. */
export function FolderChoice() {
  const ref = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // React’s types do not know the attribute.
    if (ref.current) ref.current.webkitdirectory = true;
  }, []);
  const isAdding = useStore(libraryStore, (state) => state.isAdding);
  const choose = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    const files = Array.from(currentTarget.files ?? [], (file) => ({
      // The first part is the folder itself.
      path: file.webkitRelativePath.split('/').slice(1).join('/'),
      file,
    }));
    // The same folder may be chosen again, which would be no change.
    currentTarget.value = '';
    if (files.length > 0) void addModel(Promise.resolve(files));
  };
  return (
    <footer className={styles.folder}>
      <p>
        SAM 2, SAM 2.1 and EdgeTAM can also be added from a folder: one that <code>tools/export</code> wrote,
        or one from a hub. Choose it here or drop it on the page.
      </p>
      {isAdding ? (
        <div className={styles.adding}>
          <ProgressBar label="Checking and copying the folder" />
        </div>
      ) : (
        <Button
          emphasis="solid"
          icon={<FolderOpen aria-hidden />}
          label="Add from a folder"
          onClick={() => ref.current?.click()}
        />
      )}
      <input ref={ref} type="file" hidden multiple aria-label="Model folder" onChange={choose} />
    </footer>
  );
}
