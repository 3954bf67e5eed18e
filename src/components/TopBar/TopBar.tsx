import { useStore } from 'zustand';
import {
  Download,
  FolderOpen,
  Keyboard,
  LayoutGrid,
  Monitor,
  Moon,
  Redo2,
  Search,
  Sun,
  Undo2,
} from 'lucide-react';
import { objectsStore } from '../../stores/work/objectsStore.ts';
import { uiStore, type Theme } from '../../stores/page/uiStore.ts';
import { projectStore } from '../../stores/project/projectStore.ts';
import { videoStore } from '../../stores/clip/videoStore.ts';
import { CommandButton } from '../Button/CommandButton.tsx';
import { HistoryMenu } from '../HistoryMenu/HistoryMenu.tsx';
import { ModelChip } from '../ModelChip/ModelChip.tsx';
import { Brand } from './Brand.tsx';
import styles from './TopBar.module.css';

const THEMES: Record<Theme, { icon: typeof Sun; label: string; text: string }> = {
  dark: { icon: Moon, label: 'Theme: dark', text: 'Dark' },
  light: { icon: Sun, label: 'Theme: light', text: 'Light' },
  system: { icon: Monitor, label: 'Theme: same as the system', text: 'System' },
};

/** What is open, undo and redo, the model, and what opens dialogs. */
export function TopBar() {
  const clip = useStore(videoStore, (state) => state.clip);
  const projectName = useStore(projectStore, (state) => state.name);
  const undoLabel = useStore(objectsStore, (state) => state.history.past.at(-1)?.label);
  const redoLabel = useStore(objectsStore, (state) => state.history.future[0]?.label);
  const theme = THEMES[useStore(uiStore, (state) => state.theme)];
  return (
    <header className={styles.bar}>
      <Brand />
      {clip && (
        <>
          <span className={styles.divider} />
          <span className={styles.clip} title={clip.name}>
            {projectName || clip.name}
          </span>
          <CommandButton id="projects" icon={<LayoutGrid aria-hidden />} iconOnly />
          <CommandButton id="open" icon={<FolderOpen aria-hidden />} compact />
          <span className={styles.divider} />
          <div className={styles.group}>
            <CommandButton id="undo" icon={<Undo2 aria-hidden />} roomy detail={undoLabel} />
            <CommandButton id="redo" icon={<Redo2 aria-hidden />} roomy detail={redoLabel} />
            <HistoryMenu />
          </div>
        </>
      )}
      <div className={styles.model}>
        <ModelChip />
      </div>
      <div className={styles.group}>
        <CommandButton id="palette" icon={<Search aria-hidden />} roomy />
        <CommandButton
          id="theme"
          icon={<theme.icon aria-hidden />}
          roomy
          text={theme.text}
          label={theme.label}
        />
        <CommandButton
          id="shortcuts"
          icon={<Keyboard aria-hidden />}
          roomy
          text="Shortcuts"
          className={styles.keys}
        />
      </div>
      {clip && <CommandButton id="export" icon={<Download aria-hidden />} emphasis="solid" compact />}
    </header>
  );
}
