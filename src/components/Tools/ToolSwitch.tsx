import { useStore } from 'zustand';
import { Brush, Hand, MousePointerClick } from 'lucide-react';
import { ToggleGroup } from 'radix-ui';
import { setTool, uiStore, type Tool } from '../../stores/page/uiStore.ts';
import styles from './Tools.module.css';

const TOOLS: readonly [tool: Tool, label: string, explanation: string, icon: typeof Hand][] = [
  ['click', 'Click', 'A click is a point, a drag a box (Q)', MousePointerClick],
  ['brush', 'Brush', 'A drag paints the mask by hand, or erases (B)', Brush],
  ['pan', 'Hand', 'A drag moves the frame (H, or hold Space)', Hand],
];

/** What the pointer is for. */
export function ToolSwitch() {
  const tool = useStore(uiStore, (state) => state.tool);
  return (
    <ToggleGroup.Root
      type="single"
      className={styles.switch}
      aria-label="Tool"
      value={tool}
      onValueChange={(value) => value !== '' && setTool(value as Tool)}
    >
      {TOOLS.map(([value, label, explanation, Icon]) => (
        <ToggleGroup.Item
          key={value}
          className={`${styles.item} ${styles.tool}`}
          value={value}
          aria-label={label}
          title={`${label}: ${explanation}`}
        >
          <Icon aria-hidden />
          <span className={styles.name}>{label}</span>
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
