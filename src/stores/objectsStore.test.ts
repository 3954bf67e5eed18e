import { beforeEach, describe, expect, it } from 'vitest';
import {
  addObject,
  currentDocument,
  redoStep,
  resetObjects,
  changeSettings,
  undoStep,
} from './objectsStore.ts';

beforeEach(() => resetObjects());

describe('whether masks may overlap', () => {
  it('is part of the work: undone and redone with it', () => {
    addObject();
    expect(currentDocument().settings.allowOverlap).toBe(false);
    changeSettings({ allowOverlap: true });
    undoStep();
    expect(currentDocument().settings.allowOverlap).toBe(false);
    expect(currentDocument().objects).toHaveLength(1);
    redoStep();
    expect(currentDocument().settings.allowOverlap).toBe(true);
  });
});
