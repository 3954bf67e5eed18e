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
  // Whether a sign such as `?` or `[` needs Shift, or AltGr, which says that it is Ctrl and Alt, depends on the layout.
  const isSign = key.length === 1 && !/[a-z0-9 ]/.test(key);
  if (isSign && press.altKey) return true;
  if (press.altKey !== (alt ?? false) || (press.ctrlKey || press.metaKey) !== (mod ?? false)) return false;
  return isSign || press.shiftKey === (shift ?? false);
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
