import { beforeEach, expect, it } from 'vitest';
import { EMPTY_DOCUMENT, withNewObject } from '../../document/document.ts';
import { withPrompts } from '../../document/promptedMasks.ts';
import { exportStore } from '../work/exportStore.ts';
import { askAgainAfterExport, decideOnWork, openUnlessWorkIsLost } from './leaving.ts';
import { noticesStore } from './noticesStore.ts';
import { commitDocument, resetObjects, undoStep } from '../work/objectsStore.ts';
import { openDialog, uiStore } from './uiStore.ts';

const opened: string[] = [];
const open = (name: string) => openUnlessWorkIsLost(name, () => opened.push(name));
const { document: added } = withNewObject(EMPTY_DOCUMENT);
const clicked = withPrompts(added, 1, 0, { points: [{ x: 1, y: 1, label: 1 }] });

beforeEach(() => {
  opened.length = 0;
  resetObjects();
  openDialog(undefined);
});

it('a clip without work gives way to another one', () => {
  open('a');
  commitDocument(added, 'add object');
  open('b');
  expect(opened).toEqual(['a', 'b']);
});

it('a clip with work is kept until the person gives it up, for what was given last', () => {
  commitDocument(clicked, 'point');
  open('a');
  expect([uiStore.getState().dialog, opened]).toEqual(['leave', []]);
  decideOnWork(true);
  expect([uiStore.getState().dialog, opened]).toEqual([undefined, []]);
  open('a');
  open('b');
  decideOnWork(false);
  expect([uiStore.getState().dialog, opened]).toEqual([undefined, ['b']]);
});

it('work that was undone is asked for too', () => {
  commitDocument(clicked, 'point');
  undoStep();
  open('a');
  expect([uiStore.getState().dialog, opened]).toEqual(['leave', []]);
  decideOnWork(true);
});

it('nothing is opened, and no dialog closed, while masks are written', () => {
  commitDocument(clicked, 'point');
  openDialog('export');
  exportStore.setState({ phase: 'running', writtenBytes: 1, doneFrames: 0, totalFrames: 0 }, true);
  open('a');
  exportStore.setState({ phase: 'idle' }, true);
  expect([uiStore.getState().dialog, opened]).toEqual(['export', []]);
  expect(noticesStore.getState().notices.at(-1)?.message).toContain('“a” was not opened');
});

it('asks again once what was to be exported first is exported', () => {
  askAgainAfterExport();
  expect(uiStore.getState().dialog).toBeUndefined();
  commitDocument(clicked, 'point');
  open('a');
  openDialog('export');
  openDialog(undefined);
  askAgainAfterExport();
  expect(uiStore.getState().dialog).toBe('leave');
  decideOnWork(false);
  expect(opened).toEqual(['a']);
});
