import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { TrackedObject } from '../../src/core/protocol/segmenter.ts';
import { UsageError } from '../node/usage.ts';
import { writeWhole } from '../node/writeWhole.ts';
import { firstDifference, IDENTITY_PARTS, type RunIdentity } from './identity.ts';

/** What is known of one object on one frame beside its mask. */
export interface ObjectScore {
  readonly id: number;
  readonly score: number;
  readonly status: TrackedObject['status'];
}

/** A run that was interrupted. */
export interface SavedRun {
  readonly identity: RunIdentity;
  /** What the run goes on from: a `RunState`, or where following everything has come. */
  readonly state: unknown;
  /** Of frames that are written; frames count within the range. */
  readonly scores: ReadonlyMap<number, readonly ObjectScore[]>;
  /** Of frames that wait for the other pass. */
  readonly pending: ReadonlyMap<number, readonly TrackedObject[]>;
}

/** Says which run the folder holds, also once it is finished. */
export const RUN_FILE = 'run.json';
/** All that an interrupted run needs to go on; gone once it is finished. */
export const STATE_FILE = 'run.state';

const VERSION = 2;
const STATE_HEAD = 'masklet run 2\n';
const HASH_BYTES = 32;

/** Writes down which run a folder holds. */
export async function writeRunFile(folder: string, identity: RunIdentity): Promise<void> {
  const json = JSON.stringify({ version: VERSION, identity }, null, 2);
  await writeWhole(join(folder, RUN_FILE), `${json}\n`);
}

/** @throws UsageError if the folder holds another run than this one, or does not say which. */
export async function checkRunFile(folder: string, identity: RunIdentity): Promise<void> {
  const there = parseRunFile(await readFile(join(folder, RUN_FILE), 'utf8').catch(() => ''));
  if (there === undefined) {
    throw new UsageError(
      `${join(folder, RUN_FILE)} is damaged, or of another version of this program: the run cannot be resumed. Choose another --out.`,
    );
  }
  const difference = firstDifference(there, identity);
  if (difference === undefined) return;
  throw new UsageError(
    `The folder ${folder} holds another run: ${difference} what it was started with. Choose another --out.`,
  );
}

function parseRunFile(text: string): RunIdentity | undefined {
  try {
    const { version, identity } = JSON.parse(text) as { version?: unknown; identity?: RunIdentity };
    const isWhole = IDENTITY_PARTS.every((part) => typeof identity?.[part] === 'string');
    return version === VERSION && isWhole ? identity : undefined;
  } catch {
    return undefined;
  }
}

/** Saves what an interrupted run needs to go on, with a checksum. */
export async function writeState(folder: string, saved: SavedRun): Promise<void> {
  const body = serialize(saved);
  await writeWhole(join(folder, STATE_FILE), Buffer.concat([Buffer.from(STATE_HEAD), sum(body), body]));
}

/** The state that was saved; `undefined` if it is damaged, or of another run. */
export async function readState(folder: string, identity: RunIdentity): Promise<SavedRun | undefined> {
  const file = await readFile(join(folder, STATE_FILE)).catch(() => undefined);
  if (file?.toString('latin1', 0, STATE_HEAD.length) !== STATE_HEAD) return undefined;
  const body = file.subarray(STATE_HEAD.length + HASH_BYTES);
  if (!sum(body).equals(file.subarray(STATE_HEAD.length, STATE_HEAD.length + HASH_BYTES))) return undefined;
  const saved = deserialize(body) as SavedRun;
  return firstDifference(saved.identity, identity) === undefined ? saved : undefined;
}

/** A finished run needs no state. */
export async function forgetState(folder: string): Promise<void> {
  await rm(join(folder, STATE_FILE), { force: true });
}

function sum(content: Uint8Array): Buffer {
  return createHash('sha256').update(content).digest();
}
