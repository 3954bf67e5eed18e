import { describe, expect, it } from 'vitest';
import { foreignField } from './onnxFile.ts';
import { readFields } from './protobuf.ts';
import { joinShapes, readShapes } from './shapedFile.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (given: Uint8Array | undefined) => given && new TextDecoder().decode(given);

const WEIGHTS = 'w'.repeat(1000);
const GRAPHS = {
  whole: `of the whole ${WEIGHTS}`,
  wide: `of a wide part ${WEIGHTS}`,
  tall: `tall ${WEIGHTS}`,
};

describe('a file with graphs of several shapes', () => {
  const others = new Map([
    ['wide', bytes(GRAPHS.wide)],
    ['tall', bytes(GRAPHS.tall)],
  ]);

  it('has the weights once, and gives each graph as it was', () => {
    const file = joinShapes(bytes(GRAPHS.whole), others);
    expect(file.length).toBeLessThan(WEIGHTS.length + 400);
    const { whole, parts } = readShapes(file);
    expect(text(whole)).toBe(GRAPHS.whole);
    expect([...parts.keys()]).toEqual(['wide', 'tall']);
    expect(text(parts.get('wide')?.())).toBe(GRAPHS.wide);
    expect(text(parts.get('tall')?.())).toBe(GRAPHS.tall);
  });

  it('is read wherever it lies in a buffer', () => {
    const file = joinShapes(bytes(GRAPHS.whole), others);
    const within = new Uint8Array(file.length + 7);
    within.set(file, 3);
    const { parts } = readShapes(within.subarray(3, 3 + file.length));
    expect(text(parts.get('tall')?.())).toBe(GRAPHS.tall);
  });

  it('can have the others in a field of an ONNX file', () => {
    const graph = foreignField(bytes('a field'));
    const file = joinShapes(graph, new Map([['wide', bytes(GRAPHS.wide)]]), foreignField);
    expect(readFields(file).map(({ number }) => number)).toEqual([50_000, 50_000]);
    const { whole, parts } = readShapes(file);
    expect(whole).toEqual(graph);
    expect(text(parts.get('wide')?.())).toBe(GRAPHS.wide);
  });
});

it('a file of one graph has no other shapes', () => {
  for (const file of [bytes('a graph'), bytes(GRAPHS.whole)]) {
    const { whole, parts } = readShapes(file);
    expect(whole).toBe(file);
    expect(parts.size).toBe(0);
  }
});
