import { useStore } from 'zustand';
import { Ellipsis, Eraser, Layers2, Minus, Plus, Shapes } from 'lucide-react';
import { ToggleGroup } from 'radix-ui';
import { setLabel, uiStore } from '../../stores/page/uiStore.ts';
import { Button } from '../Button/Button.tsx';
import { CommandButton } from '../Button/CommandButton.tsx';
import { CommandMenu } from '../CommandMenu/CommandMenu.tsx';
import { BrushSize } from './BrushSize.tsx';
import { ToolSwitch } from './ToolSwitch.tsx';
import { ZoomButtons } from './ZoomButtons.tsx';
import styles from './Tools.module.css';

const FRAME_COMMANDS = [
  'freshFrame',
  'copyMask',
  'clearPrompts',
  'looksRight',
  'stretchLooksRight',
  'whichFrameNext',
] as const;

/** What a press on the stage does, and how the frame is looked at. */
export function Tools() {
  const label = useStore(uiStore, (state) => state.label);
  const tool = useStore(uiStore, (state) => state.tool);
  return (
    <div className={styles.tools} role="toolbar" aria-label="Tools">
      <ToolSwitch />
      <ToggleGroup.Root
        type="single"
        className={styles.switch}
        aria-label="A click"
        value={label === 1 ? 'add' : 'remove'}
        onValueChange={(value) => {
          if (value !== '') setLabel(value === 'add' ? 1 : 0);
        }}
      >
        <ToggleGroup.Item className={styles.item} value="add" title="A click adds; a drag draws a box (X)">
          <Plus aria-hidden />
          <span>Add</span>
        </ToggleGroup.Item>
        <ToggleGroup.Item
          className={styles.item}
          value="remove"
          title="A click takes away (X); so does Alt- or right-click at any time"
        >
          <Minus aria-hidden />
          <span>Take away</span>
        </ToggleGroup.Item>
      </ToggleGroup.Root>
      {tool === 'brush' && <BrushSize />}
      <div className={`${styles.pair} ${styles.actions}`} role="group" aria-label="Masks on this frame">
        <CommandButton id="everything" icon={<Shapes aria-hidden />} text="Everything" />
        <CommandButton id="nextReading" icon={<Layers2 aria-hidden />} text="Another mask" />
        <CommandButton id="clearPrompts" icon={<Eraser aria-hidden />} text="Clear" />
        <CommandMenu ids={FRAME_COMMANDS} align="start">
          <Button iconOnly icon={<Ellipsis aria-hidden />} label="More for this frame" />
        </CommandMenu>
      </div>
      <ZoomButtons />
    </div>
  );
}
