import { createStore } from 'zustand/vanilla';
import type { Clip } from './videoStore.ts';

/** `none`: the clip has no sound. `unplayable`: it has, but the browser cannot play it. */
export interface SoundState {
  readonly phase: 'none' | 'ready' | 'unplayable';
  readonly muted: boolean;
}

export const soundStore = createStore<SoundState>(() => ({ phase: 'none', muted: false }));

/** Beyond this many seconds the sound is put where the picture is. */
const MOST_LAG = 0.3;
/** A sound that does not move for this many milliseconds is not waited for. */
const PATIENCE = 400;

interface Sound {
  readonly element: HTMLAudioElement;
  /** The sound's time at the first frame, in seconds. */
  readonly startTime: number;
  /** Where it was when it moved last, in seconds of the element, and when that was, on the clock of animation frames. */
  at: number;
  movedAt: number | undefined;
}

let sound: Sound | undefined;

/** Has the sound of a clip at hand, and that of no other. The browser plays it from the file, apart from the frames. */
export function openSound(clip: Clip | undefined): void {
  if (sound) {
    sound.element.pause();
    URL.revokeObjectURL(sound.element.src);
    sound.element.removeAttribute('src');
    sound.element.load();
  }
  sound = undefined;
  const track = clip?.file && clip.info.sound;
  soundStore.setState({ phase: track ? 'ready' : 'none' });
  if (!clip?.file || !track) return;
  const element = new Audio(URL.createObjectURL(clip.file));
  const opened: Sound = { element, startTime: track.startTime, at: 0, movedAt: undefined };
  element.muted = soundStore.getState().muted;
  element.addEventListener('error', () => {
    if (sound !== opened) return;
    sound = undefined;
    soundStore.setState({ phase: 'unplayable' });
  });
  sound = opened;
}

/** Makes the sound silent, or heard again. */
export function toggleMuted(): void {
  const muted = !soundStore.getState().muted;
  soundStore.setState({ muted });
  if (sound) sound.element.muted = muted;
}

/** Plays from `time`, in seconds from the first frame. */
export function startSound(time: number): void {
  if (sound === undefined) return;
  putSound(time);
  // Refused where the person has not touched the page, and ended by a pause; the picture goes on.
  sound.element.play().catch(() => undefined);
}

function putSound(time: number): void {
  if (sound === undefined) return;
  sound.element.currentTime = Math.max(0, time + sound.startTime);
  sound.movedAt = undefined;
}

/** Stops the sound where it is. */
export function stopSound(): void {
  sound?.element.pause();
}

/**
 * Where the picture should be, in seconds from the first frame: where the sound is, which cannot be hurried; `time` where there is no
 * sound, or it has ended or does not come. @param before where the picture was @param now in milliseconds, on the clock of animation frames
 */
export function followSound(time: number, before: number, now: number, speed: number): number {
  if (sound === undefined) return time;
  const { element, startTime } = sound;
  if (element.playbackRate !== speed) element.playbackRate = speed;
  if (element.paused || element.ended) return time;
  if (element.currentTime !== sound.at || sound.movedAt === undefined) {
    sound.at = element.currentTime;
    sound.movedAt = now;
  }
  if (now - sound.movedAt > PATIENCE) return time;
  const heard = sound.at - startTime;
  if (Math.abs(heard - before) <= MOST_LAG * Math.max(1, speed)) return Math.max(before, heard);
  if (!element.seeking) putSound(time);
  return time;
}
