import { beforeEach, describe, expect, it } from 'vitest';
import {
  addObject,
  currentDocument,
  redoStep,
  resetObjects,
  setAllowOverlap,
  undoStep,
} from './objectsStore.ts';

beforeEach(() => resetObjects());

describe('whether masks may overlap', () => {
  it('is part of the work: undone and redone with it', () => {
    addObject();
    expect(currentDocument().allowOverlap).toBe(false);
    setAllowOverlap(true);
    undoStep();
    expect(currentDocument().allowOverlap).toBe(false);
    expect(currentDocument().objects).toHaveLength(1);
    redoStep();
    expect(currentDocument().allowOverlap).toBe(true);
  });
});
