import { afterEach, describe, expect, it } from 'vitest';
import { letterbox } from '../../../src/core/geometry.ts';
import { tensor } from '../../models/graph.ts';
import { createNodeRuntime } from '../../models/ortNode.ts';
import type { CellBox } from '../masks/grid.ts';
import type { SelectedMemories } from '../run/memoryBank.ts';
import { shareGuesses } from './contest.ts';
import type { EmbeddedDecoder } from './decoder.ts';
import { DESCRIPTOR, INPUT_SIDE, type EmbeddedFeatures } from './features.ts';
import { keptOf, promptsFromGuess } from './guess.ts';
import { findLookAlike } from './lookAlike.ts';
import { attend, memoryRules, recentDiscount, type Beside, type EmbeddedMemory } from './memory.ts';
import { EmbeddedMemoryAttention, planAttention } from './memoryAttention.ts';
import { isPresent, isTrusted, nextPeakMean, scoreOf } from './presence.ts';
import { planSearch } from './search.ts';
import { stateOf, targetsOf } from './targetState.ts';
import { RULES, switchOff, TUNED, type Rule } from './tuned.ts';

const rules = Object.keys(RULES) as Rule[];
const all = { ...TUNED };
let switchOn = () => {};

afterEach(() => switchOn());

const GRID = { width: 64, height: 36 };
const BOX = { x0: 10, y0: 10, x1: 14, y1: 14 };
const NOTHING = tensor(new Float32Array(1), [1]);

/** A guess of a thing that is surest in its middle, with an island beside it. */
const GUESS = {
  ...GRID,
  data: Float32Array.from({ length: 64 * 36 }, (_, cell) => {
    const [x, y] = [cell % 64, Math.floor(cell / 64)];
    if (x === 40 && y === 10) return 0.6;
    return Math.max(0, Math.min(1, 2 - 0.2 * Math.hypot(x - 20, y - 16)));
  }),
};

function memoryAt(bounds: CellBox, reviewed = true, alike = 0.9): EmbeddedMemory {
  return {
    ...{ grid: GRID, descriptors: NOTHING, meanDescriptor: NOTHING, look: NOTHING, label: NOTHING },
    ...{
      bounds,
      area: 100,
      peakMean: undefined,
      likeness: new Map(),
      predictedIou: 1,
      agreement: 1,
      reviewed,
      alike,
    },
  };
}

/** An object that moves, on frame 5 or a later one, and perhaps its distractor as it was on frame 4. */
function memories(frame: number, distractor?: CellBox): SelectedMemories<EmbeddedMemory> {
  const place = { frame, direction: 'forward', frameCount: 99, longTerm: [] } as const;
  const recent = [frame - 1, frame - 2].map((at) => ({
    frame: at,
    memory: memoryAt({ ...BOX, x0: BOX.x0 - (frame - at), x1: BOX.x1 - (frame - at) }),
  }));
  // Too different for one of a pair.
  const found = memoryAt({ x0: 20, y0: 10, x1: 24, y1: 14 }, true, 0.8);
  const theirs = distractor && {
    ...{ ...place, conditioning: [{ frame: 0, memory: found }] },
    recent: [{ frame: 4, memory: memoryAt(distractor) }],
  };
  return { ...place, conditioning: [{ frame: 0, memory: memoryAt(BOX) }], recent, distractor: theirs };
}

/** What is sought beside an object. */
const besides = (frame: number, distractor?: CellBox) =>
  targetsOf([memories(frame, distractor)], () => true).targets.map(({ role }) => role);

/** Whether two are alike of which one was found beside the other, by that one’s box. */
const areAlike = (bounds: CellBox, alike?: number) => {
  const promptedAt = (at: CellBox, distractor?: CellBox) => ({
    ...memories(5),
    conditioning: [
      {
        frame: 0,
        memory: memoryAt(at),
        ...(distractor && { distractor: memoryAt(distractor, true, alike) }),
      },
    ],
  });
  return targetsOf([promptedAt(BOX, bounds), promptedAt(bounds)], () => true).areAlike(0, 1);
};

const discount = (beside: Beside, reviewed = true) =>
  recentDiscount({ conditioning: [{ frame: 0, memory: memoryAt(BOX, reviewed) }] }, beside);

const prompts = () => promptsFromGuess(GUESS, { width: 256, height: 144 });

const good = { bestProbability: 0.99, predictedIou: 0.95, agreement: 0.8, peak: 0.78, area: 980 };
const isThere = (sought: Parameters<typeof isPresent>[2], change: Partial<typeof good>) =>
  isPresent({ ...good, ...change }, { area: 1000, peakMean: 0.8 }, sought);

/** What is left of a guess and of the same one, which was elsewhere. */
const shares = (pair: boolean) => {
  const guess = { probability: GUESS, resemblance: GUESS.data };
  const places = { object: BOX, rival: { x0: 30, y0: 10, x1: 34, y1: 14 } };
  return shareGuesses([guess, guess], [[{ object: 0, rival: 1, places, pair, favour: 0 }]]);
};

/** Cells that differ, as descriptors. */
const DESCRIPTORS = Float32Array.from({ length: 64 * 36 * DESCRIPTOR }, (_, i) => Math.sin(i * i));
const features: EmbeddedFeatures = {
  ...{ video: { width: 640, height: 360 }, grid: GRID, imageEmbedding: NOTHING },
  letterbox: letterbox({ width: 640, height: 360 }, INPUT_SIDE),
  descriptors: tensor(DESCRIPTORS, [64 * 36, DESCRIPTOR]),
  meanDescriptor: tensor(new Float32Array(DESCRIPTOR), [DESCRIPTOR]),
};

async function attention() {
  const runtime = createNodeRuntime({ threads: 1 });
  const attention = await EmbeddedMemoryAttention.load(runtime);
  const label = tensor(GUESS.data, [64 * 36]);
  const memory = { grid: GRID, descriptors: features.descriptors, label, bounds: BOX };
  const attended = [{ memory, local: true, whole: false, discount: 0 }];
  const { resemblance } = await attention.guess(
    features,
    planAttention(GRID, attended, BOX),
    features.meanDescriptor,
  );
  await attention.dispose();
  return resemblance;
}

/** Clicks that are spent on a frame of which all cells look alike. */
async function clicks() {
  let asked = 0;
  const decode = () => {
    asked++;
    return Promise.resolve({ single: undefined, readings: [] });
  };
  const cells = {
    descriptors: new Float32Array(DESCRIPTORS.length).fill(1),
    mean: new Float32Array(DESCRIPTOR),
  };
  const object = Float32Array.from({ length: 256 * 256 }, (_, at) =>
    at % 256 < 40 && at < 256 * 40 ? 1 : -1,
  );
  await findLookAlike({ decode } as unknown as EmbeddedDecoder, features, cells, object);
  return asked;
}

const plan = (of: SelectedMemories<EmbeddedMemory>) =>
  planSearch(
    targetsOf([of], () => true),
    GRID,
  );

/** Something that each rule decides. What needs a decoder is left out. */
const DECIDED: Readonly<Record<Exclude<Rule, 'avoid' | 'obey'>, () => unknown>> = {
  position: attention,
  reach: () => planAttention(GRID, [], BOX).asked,
  'prompt-near': () => attend(memories(2), false, 0)[0]?.local,
  'older-recent': () => memoryRules().recentKept,
  discount: () => discount('nothing'),
  'doubt-discount': () => discount('nothing', false),
  'pair-discount': () => discount('pair'),
  'distractor-discount': () => discount('object'),
  'long-term': () => memoryRules().longTerm?.most,
  'sure-only': () => isTrusted({ ...good, agreement: 0.3 }),
  'object-from': prompts,
  components: prompts,
  heaviest: () => keptOf({ beside: 1, lost: false }),
  together: () => keptOf({ beside: undefined, lost: true }),
  'box-padding': prompts,
  'more-points': prompts,
  apart: prompts,
  'mask-prompt': prompts,
  best: () => isThere('followed', { bestProbability: 0.8 }),
  'contested-best': () => isThere('contested', { bestProbability: 0.8 }),
  certainty: () => isThere('followed', { agreement: 0.2 }),
  area: () => isThere('followed', { area: 390 }),
  peak: () => isThere('followed', { peak: 0.5 }),
  'distractor-certainty': () => isThere('distractor', { agreement: 0.05 }),
  'lost-surely': () => isThere('lost', { agreement: 0.4 }),
  'peak-mean': () => nextPeakMean(0.5, 1),
  'score-power': () => scoreOf({ ...good, readingIou: 0.9 }),
  find: clicks,
  meet: () => besides(5),
  'give-up': () => besides(24, BOX),
  lead: () => shares(false),
  'pair-lead': () => shares(true),
  favour: () => plan(memories(5, BOX)).rounds,
  same: () => areAlike({ x0: 20, y0: 10, x1: 24, y1: 14 }, 0.85),
  'same-place': () => {
    const found = { ...memories(9), conditioning: [{ frame: 0, memory: memoryAt(BOX) }] };
    return plan({ ...memories(9), distractor: found }).searches;
  },
  pairs: () => areAlike({ x0: 20, y0: 10, x1: 24, y1: 14 }),
  motion: () => stateOf(memories(5)).expected,
};

describe('a rule', () => {
  it.each(rules)('%s is off with other numbers, and on again', (rule) => {
    switchOn = switchOff([rule]);
    for (const [name, neutral] of Object.entries(RULES[rule])) {
      expect(TUNED).toHaveProperty(name, neutral);
      expect(all).not.toHaveProperty(name, neutral);
    }
    switchOn();
    expect(TUNED).toEqual(all);
  });

  it.each(Object.entries(DECIDED))('%s decides something', async (rule, decide) => {
    const withRule = await decide();
    switchOn = switchOff([rule as Rule]);
    expect(await decide()).not.toEqual(withRule);
  });

  it('is switched off beside others', () => {
    switchOn = switchOff(['favour', 'lead']);
    expect(TUNED).toEqual({ ...all, favour: 0, lead: 0 });
  });
});
