/**
 * Every number of the tracker that was tuned, and the rules that it takes part in. docs/quality.md says what each rule gains, and on which
 * clips that was measured. Units: a _cell_ is 16 pixels of the model's input, a _mask cell_ 4, a _frame_ one that the model does; a score,
 * a logit and log-odds are natural logarithms; probabilities, cosines, IoUs and shares go up to 1.
 */
const tuned = {
  // Which cells are compared, and what counts for how much. Chosen on six clips of DAVIS-2016: docs/quality.md.
  /** Cosine that a unit of score is worth. From .02 to .045 nothing changes; at .1 the attention is useless. */
  temperature: 0.03,
  /** Cells: how far off a recent memory expects to find its cells again. From 4 to 6 nothing changes. */
  positionSpread: 6,
  /** Frames: so near a prompted one the object is expected where it was there. */
  promptNear: 2,
  /** Share of object pixels, or probability, from which a cell is the object's: below one half, so that a mask does not shrink to a part. */
  objectFrom: 0.35,
  /** Cells: so far round the object cells are asked, and so near two things may be taken for each other. */
  reach: 8,
  /** Cells round the object that are remembered: for speed. */
  rememberedMargin: 10,

  // Memories. Chosen on the same clips.
  /** Recent memories that are kept; the newest and the oldest of them take part. */
  recentKept: 4,
  /** Score by which recent memories are believed less: they resemble the frame most, and would carry their own mistakes on. */
  recentDiscount: 5,
  /**
   * The same, at most: after a single click that nobody has confirmed, for it may itself be wrong; while a look-alike is near, for only
   * recent memories know which is where.
   */
  doubtDiscount: 2.5,
  /** … of one of a pair: two things that look the same (`same`); see also `samePlace`. */
  pairDiscount: -1,
  /** … of what is remembered of a look-alike, for no person vouches for its first mask. */
  distractorDiscount: 1,
  /** Memories that are kept for long, 3 at most (`MOST_LOOKS`). */
  longTerm: 3,
  /** Frames from a prompt: every so many, one may be kept for long, and a look-alike is sought that nobody knows yet. */
  every: 5,
  /**
   * Predicted IoU, and its product with the agreement, of a mask that is surely the object's: it may be kept for long, a look-alike may be
   * met beside it, and a lost object may be found as it.
   */
  sureIou: 0.85,
  sureCertainty: 0.4,

  // From a guess to the decoder's prompts. Chosen on the same clips.
  /** Probability: a guess is held this far from certainty. */
  leastProbability: 0.02,
  /** Logit of a cell that is surely not the object's. */
  notObject: -6,
  /** Share of the heaviest component's mass, below which others are left out. */
  componentShare: 0.1,
  /** The same of one of a pair, of whose other one the others are likely to be parts: only the heaviest stays. */
  pairComponentShare: 0.99,
  /** Whether of a lost object's guess only what lies near the heaviest component, within twice `reach`, stays. Chosen on all ten clips. */
  liesTogether: true,
  /** Share of a box's sides that it is padded by. */
  boxPadding: 0.03,
  /** Probability from which a second and a third point may lie on a cell. */
  sure: 0.9,
  /** Distance of two points, at least, as a share of the side of a square of the guess's area. */
  apart: 0.35,
  /** Logits of the mask prompt for one of the guess. */
  maskPromptScale: 8 / 6,

  // Whether a mask shows the object. Chosen on the same clips, with a cover and a cut planted into them.
  /** Probability that a guess reaches; and beside a look-alike, for which each memory leaves a part. */
  followedBest: 0.9,
  contestedBest: 0.5,
  /** Predicted IoU times the agreement of mask and guess, at least: of an object, and of a look-alike. */
  followedCertainty: 0.25,
  distractorCertainty: 0.1,
  /**
   * Share of the larger of two areas that the smaller one has: now and before, and of an object and its look-alike. Of a lost object, the largest
   * recent area counts.
   */
  leastArea: 0.4,
  /** Share of the running mean of peaks that a peak has, at least: of what is followed, and of a lost object, which may look a little different. */
  leastPeak: 0.77,
  lostPeak: 0.75,
  /** A lost object is also found by a probability and an agreement like these. */
  lostSurely: 0.97,
  lostAgreement: 0.2,
  /** Share of the latest peak in the running mean. */
  peakShare: 0.2,
  /** Power of the other masks' predicted IoU in a score. */
  scorePower: 4,

  // Corrections. Chosen on all ten clips: docs/quality.md.
  /** Share of a corrected mask's area, up to which a thing may be a part of it that an unheeded click adds or takes away. */
  largestPart: 0.25,

  // Look-alikes, found and followed. Chosen on the same clips, with a twin planted into them.
  /** Clicks on a prompted frame that may be spent on finding one, which is then as sure as a mask that is kept for long (`sureIou`). */
  clicks: 3,
  /** Cosine with the object's look: of a cell that is worth a click, and of a look-alike as a whole. */
  worthAClick: 0.5,
  alike: 0.65,
  /** The same, of two that look so much the same that no memory tells them apart: they may be a pair. */
  same: 0.9,
  /** IoU with the object, at most. */
  alikeOverlap: 0.05,
  /** Whether a look-alike is sought that nobody knows yet. */
  meets: true,
  /** Frames of the clip since a look-alike was last seen, up to which it is sought. */
  mostUnseen: 15,
  /**
   * Share of the smaller of two boxes from which both hold the same thing, or what is in one may hide what is in the other: of a pair, recent memories
   * are then believed as of those that are none.
   */
  samePlace: 0.8,

  // Who gets what two both claim. Those of pairs were chosen on four painted ones.
  /** Cells: how far off a thing may be from where it was, and of the surroundings by which a cell is said to resemble one of two more. */
  contestSpread: 3,
  /** Log-odds, at most, that place and resemblance add to those of the guesses. */
  lead: 2,
  /** The same within a pair: both are known to be there, and place says more. */
  pairLead: 6,
  /** Logits in the object's favour where its mask and that of its look-alike claim a cell. */
  favour: 2,
  /** Whether one of a pair is expected to go on as it moved last. */
  goesOn: true,
  /** Whether the decoder is told to leave out the deepest point of the nearest one that makes a pair with it. */
  avoids: true,
};

type Numbers = typeof tuned;

/** The tracker's numbers. Only `switchOff` changes them. */
export const TUNED: Readonly<Numbers> = tuned;

/** With all rules. */
const ALL: Readonly<Numbers> = { ...tuned };

/** What can be switched off: for each rule, its numbers as they change nothing. */
export const RULES = {
  position: { positionSpread: Infinity },
  'prompt-near': { promptNear: 0 },
  reach: { reach: 64, rememberedMargin: 64 },
  'older-recent': { recentKept: 1 },
  discount: { recentDiscount: 0 },
  'doubt-discount': { doubtDiscount: Infinity },
  'pair-discount': { pairDiscount: Infinity },
  'distractor-discount': { distractorDiscount: Infinity },
  'long-term': { longTerm: 0 },
  'sure-only': { sureIou: 0, sureCertainty: 0 },
  'object-from': { objectFrom: 0.5 },
  components: { componentShare: 0 },
  heaviest: { pairComponentShare: 0 },
  together: { liesTogether: false },
  'box-padding': { boxPadding: 0 },
  'more-points': { sure: 1 },
  apart: { apart: 0 },
  'mask-prompt': { maskPromptScale: 1 },
  best: { followedBest: 0 },
  'contested-best': { contestedBest: 1 },
  certainty: { followedCertainty: 0 },
  'distractor-certainty': { distractorCertainty: 0 },
  area: { leastArea: 0 },
  peak: { leastPeak: -Infinity, lostPeak: -Infinity },
  'lost-surely': { lostSurely: Infinity },
  'peak-mean': { peakShare: 1 },
  'score-power': { scorePower: 1 },
  obey: { largestPart: 0 },
  find: { clicks: 0 },
  meet: { meets: false },
  'give-up': { mostUnseen: Infinity },
  lead: { lead: 0 },
  'pair-lead': { pairLead: 0 },
  favour: { favour: 0 },
  same: { same: 0 },
  'same-place': { samePlace: Infinity },
  pairs: { same: Infinity },
  motion: { goesOn: false },
  avoid: { avoids: false },
} satisfies Readonly<Record<string, Partial<Numbers>>>;

export type Rule = keyof typeof RULES;

/**
 * Switches rules off, for an evaluation without them, before a model is loaded.
 *
 * @returns switches all on again
 */
export function switchOff(rules: readonly Rule[]): () => void {
  for (const rule of rules) Object.assign(tuned, RULES[rule]);
  return () => Object.assign(tuned, ALL);
}
