import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { ArrowDown, ArrowUp, FileUp, Pencil, Plus, ScanSearch, ZoomIn } from 'lucide-react';
import { useDoubts } from '../useDoubts.ts';
import { isShown, objectsStore, selectedObject } from '../../stores/work/objectsStore.ts';
import { proposalsStore } from '../../stores/work/proposalsStore.ts';
import { elsewhereStore } from '../../stores/project/elsewhereStore.ts';
import { projectStore } from '../../stores/project/projectStore.ts';
import { stillWaiting } from '../../stores/project/waiting.ts';
import { videoStore } from '../../stores/clip/videoStore.ts';
import { CommandButton } from '../Button/CommandButton.tsx';
import { plural } from '../format.ts';
import { LookPanel } from '../LookPanel/LookPanel.tsx';
import { EdgeOptions } from './EdgeOptions.tsx';
import { ElsewhereList } from './ElsewhereList.tsx';
import { ObjectRow } from './ObjectRow.tsx';
import { ProposalList } from './ProposalList.tsx';
import { TrackOptions } from './TrackOptions.tsx';
import { useReorder } from './useReorder.ts';
import styles from './ObjectsPanel.module.css';

/** The things that are masked. */
export function ObjectsPanel() {
  const state = useStore(objectsStore);
  const { selectedId, hidden, soloId } = state;
  const { objects } = state.history.present;
  const selected = selectedObject(state);
  const doubts = useDoubts(objects);
  const { gap, rowHandlers } = useReorder();
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => showSelected(list.current), [selectedId]);
  const isLast = (place: number) => place === objects.length - 1;
  const proposals = useStore(proposalsStore);
  const elsewhere = useStore(elsewhereStore);
  const waiting = useStore(projectStore, (project) => project.waiting);
  const still = stillWaiting(waiting, state.history.present).length;
  const area = useStore(videoStore, ({ clip }) => (clip ? clip.info.width * clip.info.height : 0));
  return (
    <aside className={styles.panel} aria-label="Objects panel">
      <header className={styles.header}>
        <h2 id="objects-title">Objects</h2>
        <span className={styles.count}>{objects.length}</span>
        {objects.length > 0 && (
          <div className={styles.tools} role="group" aria-label="Selected object">
            <CommandButton id="renameObject" icon={<Pencil aria-hidden />} iconOnly />
            <CommandButton id="findLike" icon={<ScanSearch aria-hidden />} iconOnly />
            <CommandButton id="detailPass" icon={<ZoomIn aria-hidden />} iconOnly />
            <CommandButton id="moveObjectUp" icon={<ArrowUp aria-hidden />} iconOnly />
            <CommandButton id="moveObjectDown" icon={<ArrowDown aria-hidden />} iconOnly />
          </div>
        )}
      </header>
      <ul ref={list} className={styles.list} aria-labelledby="objects-title">
        {objects.map((object, place) => (
          <ObjectRow
            key={object.id}
            object={object}
            doubts={doubts.get(object.id)}
            isSelected={object.id === selectedId}
            isHidden={hidden.has(object.id)}
            isSolo={object.id === soloId}
            isDrawn={isShown(state, object.id)}
            data-gap={gap === place ? 'above' : isLast(place) && gap === objects.length ? 'below' : undefined}
            {...rowHandlers(object.id, place)}
          />
        ))}
      </ul>
      {objects.length === 0 && (
        <p className={styles.hint}>Click something in the frame: it becomes the first object.</p>
      )}
      {objects.length > 1 && (
        <p className={styles.hint}>Where masks overlap, the lower one in this list is on top.</p>
      )}
      <CommandButton id="addObject" icon={<Plus aria-hidden />} className={styles.add} />
      {objects.length === 0 && (
        <CommandButton id="importMasks" icon={<FileUp aria-hidden />} className={styles.add} />
      )}
      {still > 0 && proposals.phase === 'off' && (
        <CommandButton
          id="showWaiting"
          icon={<ScanSearch aria-hidden />}
          text={`${plural(still, 'thing')} found here: look`}
          className={styles.add}
        />
      )}
      {proposals.phase !== 'off' && <ProposalList state={proposals} area={area} />}
      {elsewhere.phase !== 'off' && <ElsewhereList search={elsewhere} />}
      {objects.length > 0 && proposals.phase === 'off' && <TrackOptions />}
      {selected && proposals.phase === 'off' && (
        <EdgeOptions object={selected} hasOthers={objects.length > 1} />
      )}
      <LookPanel />
    </aside>
  );
}

/** Scrolls the list, and nothing around it, until the selected row shows. */
function showSelected(list: HTMLElement | null): void {
  const row = list?.querySelector('[data-selected]');
  if (!list || !row) return;
  const [room, place] = [list.getBoundingClientRect(), row.getBoundingClientRect()];
  list.scrollTop += Math.max(0, place.bottom - room.bottom) - Math.max(0, room.top - place.top);
}
