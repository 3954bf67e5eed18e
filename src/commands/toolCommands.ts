import { resizeBrush } from '../stores/work/brushStore.ts';
import { setTool, uiStore, type Tool } from '../stores/page/uiStore.ts';
import type { Command } from './command.ts';
import { withClip } from './conditions.ts';

/** The same key that takes a tool puts it away. */
const toggle = (tool: Tool) => () => setTool(uiStore.getState().tool === tool ? 'click' : tool);

/** What the pointer is for. */
export const TOOL_COMMANDS = {
  clickTool: {
    label: 'Click: points and boxes',
    group: 'Tools',
    shortcuts: [{ key: 'q' }],
    isEnabled: withClip,
    run: () => setTool('click'),
  },
  brushTool: {
    label: 'Brush: paint and erase',
    group: 'Tools',
    shortcuts: [{ key: 'b' }],
    isEnabled: withClip,
    run: toggle('brush'),
  },
  panTool: {
    label: 'Hand: move the frame',
    group: 'Tools',
    shortcuts: [{ key: 'h' }],
    isEnabled: withClip,
    run: toggle('pan'),
  },
  smallerBrush: {
    label: 'Smaller brush',
    group: 'Tools',
    shortcuts: [{ key: '[' }],
    isEnabled: withClip,
    run: () => resizeBrush(-1),
  },
  largerBrush: {
    label: 'Larger brush',
    group: 'Tools',
    shortcuts: [{ key: ']' }],
    isEnabled: withClip,
    run: () => resizeBrush(1),
  },
} as const satisfies Record<string, Command>;
