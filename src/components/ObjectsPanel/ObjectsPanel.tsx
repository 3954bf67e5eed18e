import { useStore } from 'zustand';
import { Plus } from 'lucide-react';
import { objectsStore } from '../../stores/objectsStore.ts';
import { proposalsStore } from '../../stores/proposals.ts';
import { videoStore } from '../../stores/videoStore.ts';
import { CommandButton } from '../Button/CommandButton.tsx';
import { LookPanel } from '../LookPanel/LookPanel.tsx';
import { ObjectRow } from './ObjectRow.tsx';
import { ProposalList } from './ProposalList.tsx';
import { TrackOptions } from './TrackOptions.tsx';
import styles from './ObjectsPanel.module.css';

/** The things that are masked. */
export function ObjectsPanel() {
  const objects = useStore(objectsStore, (state) => state.history.present.objects);
  const selectedId = useStore(objectsStore, (state) => state.selectedId);
  const hidden = useStore(objectsStore, (state) => state.hidden);
  const proposals = useStore(proposalsStore);
  const area = useStore(videoStore, ({ clip }) => (clip ? clip.info.width * clip.info.height : 0));
  return (
    <aside className={styles.panel} aria-label="Objects panel">
      <header className={styles.header}>
        <h2 id="objects-title">Objects</h2>
        <span className={styles.count}>{objects.length}</span>
      </header>
      <ul className={styles.list} aria-labelledby="objects-title">
        {objects.map((object) => (
          <ObjectRow
            key={object.id}
            object={object}
            isSelected={object.id === selectedId}
            isHidden={hidden.has(object.id)}
          />
        ))}
      </ul>
      {objects.length === 0 && (
        <p className={styles.hint}>Click on a thing in the frame: it becomes the first object.</p>
      )}
      <CommandButton id="addObject" icon={<Plus aria-hidden />} className={styles.add} />
      {proposals.phase !== 'off' && <ProposalList state={proposals} area={area} />}
      {objects.length > 0 && <TrackOptions />}
      <LookPanel />
    </aside>
  );
}
