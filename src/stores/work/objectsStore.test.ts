import { beforeEach, describe, expect, it } from 'vitest';
import {
  addObject,
  changePrompts,
  changeSettings,
  currentDocument,
  deleteObject,
  isShown,
  objectsStore,
  placeObject,
  recolorObject,
  redoStep,
  resetObjects,
  toggleSolo,
  toggleVisible,
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

describe('the list of objects', () => {
  const ids = () => currentDocument().objects.map(({ id }) => id);

  it('can be reordered, which is undone as one step', () => {
    for (let i = 0; i < 3; i++) addObject();
    placeObject(1, 2);
    expect(ids()).toEqual([2, 3, 1]);
    placeObject(3, 0);
    expect(ids()).toEqual([3, 2, 1]);
    undoStep();
    expect(ids()).toEqual([2, 3, 1]);
    const before = currentDocument();
    placeObject(1, 3);
    placeObject(1, -1);
    placeObject(1, 2);
    expect(currentDocument()).toBe(before);
  });

  it('gives an object another colour, which can be undone', () => {
    addObject();
    const [first] = currentDocument().objects;
    recolorObject(1, '#123456');
    expect(currentDocument().objects[0]?.color).toBe('#123456');
    undoStep();
    expect(currentDocument().objects[0]?.color).toBe(first?.color);
  });
});

describe('which objects are drawn', () => {
  const shown = () => [1, 2, 3].filter((id) => isShown(objectsStore.getState(), id));
  beforeEach(() => {
    for (let i = 0; i < 3; i++) addObject();
  });

  it('are all but the hidden ones, or one alone', () => {
    toggleVisible(2);
    expect(shown()).toEqual([1, 3]);
    toggleSolo(2);
    expect(shown()).toEqual([2]);
    toggleSolo(3);
    expect(shown()).toEqual([3]);
    toggleSolo(3);
    expect(shown()).toEqual([1, 3]);
  });

  it('are all again when the one that was shown alone is deleted', () => {
    toggleVisible(3);
    toggleSolo(2);
    deleteObject(2);
    expect(isShown(objectsStore.getState(), 1)).toBe(true);
    expect(isShown(objectsStore.getState(), 3)).toBe(false);
  });

  it('include the one that is worked on', () => {
    toggleSolo(1);
    toggleVisible(3);
    changePrompts(0, 'point', () => ({ points: [{ x: 1, y: 1, label: 1 }] }));
    expect(shown()).toEqual([3]);
    toggleSolo(3);
    expect(shown()).toEqual([1, 2, 3]);
  });
});
