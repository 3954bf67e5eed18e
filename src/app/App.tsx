import { useLayoutEffect } from 'react';
import { useStore } from 'zustand';
import { AboutDialog } from '../components/AboutDialog/AboutDialog.tsx';
import { Announcer } from '../components/Announcer/Announcer.tsx';
import { CommandPalette } from '../components/CommandPalette/CommandPalette.tsx';
import { DropZone } from '../components/DropZone/DropZone.tsx';
import { EmptyState } from '../components/EmptyState/EmptyState.tsx';
import { ExportDialog } from '../components/ExportDialog/ExportDialog.tsx';
import { ImportDialog } from '../components/ImportDialog/ImportDialog.tsx';
import { FileInput } from '../components/FileInput/FileInput.tsx';
import { LeaveDialog } from '../components/LeaveDialog/LeaveDialog.tsx';
import { ModelsDialog } from '../components/ModelsDialog/ModelsDialog.tsx';
import { ObjectsPanel } from '../components/ObjectsPanel/ObjectsPanel.tsx';
import { ShortcutsDialog } from '../components/ShortcutsDialog/ShortcutsDialog.tsx';
import { Stage } from '../components/Stage/Stage.tsx';
import { StatusBar } from '../components/StatusBar/StatusBar.tsx';
import { Timeline } from '../components/Timeline/Timeline.tsx';
import { TrackHint } from '../components/TrackHint/TrackHint.tsx';
import { Tools } from '../components/Tools/Tools.tsx';
import { TopBar } from '../components/TopBar/TopBar.tsx';
import { listenToKeys } from '../commands/keys.ts';
import { hasTimeline, videoStore } from '../stores/clip/videoStore.ts';
import styles from './App.module.css';

/** The whole page. */
export function App() {
  const clip = useStore(videoStore, (state) => state.clip);
  // Not a later effect: whoever sees the page can use its keys.
  useLayoutEffect(listenToKeys, []);
  return (
    <div className={styles.app}>
      <TopBar />
      {clip ? (
        <>
          <main className={styles.work}>
            <div className={styles.tools}>
              <Tools />
            </div>
            <div className={styles.stage}>
              <Stage key={clip.name + (clip.file?.size ?? 'none')} clip={clip} />
            </div>
            <div className={styles.objects}>
              <ObjectsPanel />
              <TrackHint />
            </div>
          </main>
          <div className={styles.timeline}>{hasTimeline(clip) && <Timeline clip={clip} />}</div>
        </>
      ) : (
        <main className={styles.empty}>
          <EmptyState />
        </main>
      )}
      <div className={styles.status}>
        <StatusBar />
      </div>
      <Announcer />
      <FileInput />
      <DropZone />
      <ExportDialog />
      <ImportDialog />
      <ModelsDialog />
      <LeaveDialog />
      <ShortcutsDialog />
      <AboutDialog />
      <CommandPalette />
    </div>
  );
}
