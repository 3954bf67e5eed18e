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
        A folder with SAM 2, SAM 2.1 or EdgeTAM, as <code>tools/export</code> writes it or as downloaded from
        a hub, can be dropped on the page or chosen here.
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
