import { useEffect } from 'react';
import { useStore } from 'zustand';
import { libraryStore, refreshLibrary } from '../../stores/model/libraryStore.ts';
import { uiStore } from '../../stores/page/uiStore.ts';
import { AppDialog } from '../AppDialog.tsx';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import { FolderChoice } from './FolderChoice.tsx';
import { Footprint } from './Footprint.tsx';
import { ModelCheck } from './ModelCheck.tsx';
import { ModelRow } from './ModelRow.tsx';
import styles from './ModelsDialog.module.css';

/** Which models there are, what each is good for, and which one runs. */
export function ModelsDialog() {
  const isOpen = useStore(uiStore, ({ dialog }) => dialog === 'models');
  useEffect(() => {
    if (isOpen) void refreshLibrary();
  }, [isOpen]);
  return (
    <AppDialog name="models" title="Models" wide>
      <ModelList />
    </AppDialog>
  );
}

function ModelList() {
  const { listings, problem } = useStore(libraryStore);
  return (
    <>
      <p className={styles.intro}>
        Everything runs in this browser; only model files are downloaded, and kept here. Changing the model
        keeps your points and boxes.
      </p>
      {problem !== undefined && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      {listings ? (
        <ul className={styles.models} aria-label="Models">
          {listings.map((listing) => (
            <ModelRow key={listing.id} listing={listing} />
          ))}
        </ul>
      ) : (
        problem === undefined && <ProgressBar label="Looking for models" />
      )}
      <Footprint />
      <ModelCheck />
      <FolderChoice />
    </>
  );
}
