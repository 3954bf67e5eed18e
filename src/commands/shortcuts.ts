/** A key with its modifiers. `mod` is Ctrl, and Command on a Mac. */
export interface Shortcut {
  /** As `KeyboardEvent.key`; letters in lower case. */
  readonly key: string;
  readonly mod?: true;
  readonly shift?: true;
  readonly alt?: true;
}

/** The part of a keyboard event that matters. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

export function matchesShortcut(press: KeyPress, { key, mod, shift, alt }: Shortcut): boolean {
  if (press.key.toLowerCase() !== key.toLowerCase()) return false;
  // Whether a digit or a sign such as `?` or `[` needs Shift depends on the layout; so does whether a sign needs AltGr, which
  // says that it is Ctrl and Alt.
  const isPlain = key.length > 1 || /[a-z ]/.test(key);
  const isSign = !isPlain && !/[0-9]/.test(key);
  if (isSign && press.altKey) return true;
  if (press.altKey !== (alt ?? false) || (press.ctrlKey || press.metaKey) !== (mod ?? false)) return false;
  return !isPlain || press.shiftKey === (shift ?? false);
}

const NAMES: Record<string, string> = {
  ' ': 'Space',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
};

/** The keys of a shortcut, in the order in which they are pressed. */
export function shortcutKeys({ key, mod, shift, alt }: Shortcut): string[] {
  const name = NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  return [...(mod ? ['Ctrl'] : []), ...(alt ? ['Alt'] : []), ...(shift ? ['Shift'] : []), name];
}
