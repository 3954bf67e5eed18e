import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rleArea } from '../../core/rle.ts';
import { beginStroke, brushStore } from './brushStore.ts';
import { addObject, currentDocument, deleteObject, resetObjects } from './objectsStore.ts';
import { videoStore } from '../clip/videoStore.ts';

/** What waits for the screen to be drawn, by the number that it was given. */
let waiting: Map<number, () => void>;

function drawScreen(): void {
  const due = [...waiting.values()];
  waiting.clear();
  for (const draw of due) draw();
}

beforeEach(() => {
  let last = 0;
  waiting = new Map();
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => (waiting.set(++last, draw), last));
  vi.stubGlobal('cancelAnimationFrame', (id: number) => waiting.delete(id));
  const info = {
    ...{ kind: 'image' as const, codec: 'none', width: 32, height: 32 },
    ...{ frameCount: 1, timestamps: new Float64Array(1), duration: 0 },
  };
  videoStore.setState({ clip: { name: 'a', file: new Blob(), info } });
  brushStore.setState({ diameter: 6, draft: undefined });
  resetObjects();
});

afterEach(() => vi.unstubAllGlobals());

describe('a stroke', () => {
  it('shows while it goes on, and leaves no draft behind when it ends between two pictures', () => {
    const stroke = beginStroke(0, { x: 8, y: 8 }, 1);
    drawScreen();
    expect(brushStore.getState().draft).toBeDefined();
    stroke?.moveTo({ x: 20, y: 8 });
    stroke?.end();
    drawScreen();
    expect(brushStore.getState().draft).toBeUndefined();
    const mask = currentDocument().objects[0]?.track.get(0)?.mask;
    expect(mask && rleArea(mask)).toBeGreaterThan(12 * 6);
  });

  it('is of the object that it was begun on, or of none', () => {
    addObject();
    const stroke = beginStroke(0, { x: 8, y: 8 }, 1);
    addObject();
    stroke?.end();
    expect(currentDocument().objects.map(({ track }) => track.size)).toEqual([0, 0]);
    const onSecond = beginStroke(0, { x: 8, y: 8 }, 1);
    deleteObject(2);
    onSecond?.end();
    expect(currentDocument().objects.map(({ track }) => track.size)).toEqual([0]);
  });
});
