import type { FrameRanges } from '../core/frameRanges.ts';

/** Bytes as decimal megabytes, for example `44.6 MB`; less than a tenth of one as `67 kB`. */
export function formatSize(bytes: number): string {
  if (bytes > 0 && bytes < 1e5) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Seconds as `01:05.333`: minutes, seconds, milliseconds. */
export function formatTime(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000);
  const minutes = String(Math.floor(milliseconds / 60_000)).padStart(2, '0');
  const rest = String(Math.floor((milliseconds % 60_000) / 1000)).padStart(2, '0');
  return `${minutes}:${rest}.${String(milliseconds % 1000).padStart(3, '0')}`;
}

/** A time that is left, roughly, for example `2 min 10 s`. */
export function formatTimeLeft(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}

/** How long ago something was, in words that need little room: `just now`, `12 s ago`, `3 min ago`, `2 h ago`. */
export function formatAgo(seconds: number): string {
  if (seconds < 2) return 'just now';
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return `${Math.floor(seconds / 3600)} h ago`;
}

/** Frames as `frame 3`, `frames 3–9, 12`; the first three ranges of many. */
export function formatRanges(ranges: FrameRanges): string {
  const named = ranges
    .slice(0, 3)
    .map(({ first, last }) => (first === last ? `${first}` : `${first}–${last}`));
  const isOne = ranges.length === 1 && ranges[0]?.first === ranges[0]?.last;
  return `${isOne ? 'frame' : 'frames'} ${named.join(', ')}${ranges.length > 3 ? ' and more' : ''}`;
}

/** How fast frames are done: `2.4 frames per second`; below one in a second, the time of each, `21 s a frame`. */
export function formatPace(framesPerSecond: number): string {
  const rate = framesPerSecond.toFixed(1);
  if (Number(rate) >= 1) return `${rate} frames per second`;
  const seconds = 1 / framesPerSecond;
  return `${seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds)} s a frame`;
}

/** A count with its noun, for example `1 mask`, `3 masks`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A time today as `14:05`, on another day with its date. */
export function formatWhen(at: number): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  const time = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return isToday ? time : `${date.toLocaleDateString()} ${time}`;
}

/** Names in a row; the first three of many: `Swan, Water, Sky and 4 more`. */
export function listNames(names: readonly string[]): string {
  const more = names.length - 3;
  return names.slice(0, 3).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
