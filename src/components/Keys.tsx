import { shortcutKeys, type Shortcut } from '../commands/shortcuts.ts';

/** The keys of a shortcut, drawn as keys. */
export function Keys({ shortcut }: { readonly shortcut: Shortcut }) {
  return shortcutKeys(shortcut).map((key) => <kbd key={key}>{key}</kbd>);
}
