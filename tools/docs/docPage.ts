import { dirname, join, normalize } from 'node:path';

/** Something that is wrong in a file, said with its place. */
export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly what: string;
}

/** What a page of the documentation names that must exist. */
export interface Mention {
  readonly kind: 'link' | 'file' | 'symbol' | 'script';
  readonly line: number;
  readonly text: string;
}

/** What a project has, for pages to name. */
export interface Inventory {
  /** All files, relative to the root, with `/` between folders. */
  readonly files: ReadonlySet<string>;
  /** Names of all identifiers in the sources. */
  readonly identifiers: ReadonlySet<string>;
  /** The scripts of package.json. */
  readonly scripts: ReadonlySet<string>;
  /** Anchors of a page, by its path. */
  readonly anchors: (page: string) => ReadonlySet<string>;
}

const FILE = /^(?:\.\.?\/)*[\w.@-]+(?:\/[\w.@-]+)*\.(?:ts|tsx|mjs|cjs|py|wgsl|json|md|html|yml|toml)$/;
const FOLDER =
  /^(?:\.\.?\/)*[\w.@-]+(?:\/[\w.@-]+)*\/$|^(?:src|workers|tools|docs|e2e|parity|public|fixtures)\/[\w./-]+$/;
const SYMBOL = /^(?:[A-Z][a-z0-9]\w*|[a-z]\w*[A-Z]\w*)(?:\.\w+)*(?:\(.*\))?$|^[a-z]\w*\(.*\)$/;

/** The lines of a page, without fenced code. */
function proseLines(text: string): string[] {
  let fenced = false;
  return text.split('\n').map((line) => {
    const isFence = /^\s*```/.test(line);
    if (isFence) fenced = !fenced;
    return isFence || fenced ? '' : line;
  });
}

/** The links, files, symbols and npm scripts that a page names. Code blocks count for npm scripts only. */
export function mentionsIn(text: string): Mention[] {
  const lines = text.split('\n');
  const scripts = lines.flatMap((line, at) =>
    [...line.matchAll(/npm run ([\w:-]*\w)/g)].map((found) => mention('script', at, found[1])),
  );
  const named = proseLines(text).flatMap((line, at) => {
    const code = [...line.matchAll(/`([^`]+)`/g)].map((found) => found[1] ?? '');
    const links = [...line.replaceAll(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)\)|^\[[\w-]+\]: (\S+)/g)];
    return [
      ...links.map((found) => mention('link', at, found[1] ?? found[2])),
      ...code.filter((name) => FILE.test(name) || FOLDER.test(name)).map((name) => mention('file', at, name)),
      ...code
        .filter((name) => !FILE.test(name) && SYMBOL.test(name))
        .map((name) => mention('symbol', at, name)),
    ];
  });
  return [...named, ...scripts];
}

function mention(kind: Mention['kind'], at: number, text = ''): Mention {
  return { kind, line: at + 1, text };
}

/** The anchors that GitHub gives a page's headings. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const line of proseLines(text)) {
    const heading = /^#+ (.*)$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const anchor = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-');
    let unique = anchor;
    for (let copy = 1; anchors.has(unique); copy++) unique = `${anchor}-${copy}`;
    anchors.add(unique);
  }
  return anchors;
}

/**
 * What a page names that does not exist.
 *
 * @param page its path, relative to the root
 * @param allowed names that stand for something outside the project: examples, outputs, files of others
 */
export function faultsIn(
  page: string,
  text: string,
  inventory: Inventory,
  allowed: ReadonlySet<string> = new Set(),
): Fault[] {
  const faults: Fault[] = [];
  for (const { kind, line, text: name } of mentionsIn(text)) {
    if (allowed.has(name)) continue;
    const what = faultOf(kind, name, page, inventory);
    if (what !== undefined) faults.push({ file: page, line, what });
  }
  return faults;
}

function faultOf(
  kind: Mention['kind'],
  name: string,
  page: string,
  inventory: Inventory,
): string | undefined {
  switch (kind) {
    case 'link':
      return linkFault(name, page, inventory);
    case 'file':
      return isThere(name, page, inventory) ? undefined : `there is no file or folder ${name}`;
    case 'script':
      return inventory.scripts.has(name) ? undefined : `package.json has no script ${name}`;
    case 'symbol': {
      const missing = name
        .replace(/\(.*$/, '')
        .split('.')
        .filter((part) => !inventory.identifiers.has(part));
      return missing.length > 0 ? `no source has the name ${missing.join(', ')}` : undefined;
    }
  }
}

function linkFault(link: string, page: string, { files, anchors }: Inventory): string | undefined {
  if (/^[a-z]+:/.test(link)) return undefined;
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path)).replaceAll('\\', '/');
  const folder = `${target.replace(/\/$/, '')}/`;
  if (!files.has(target) && ![...files].some((file) => file.startsWith(folder)))
    return `the link ${link} leads to no file`;
  if (anchor !== undefined && !anchors(target).has(anchor)) return `${target} has no heading #${anchor}`;
  return undefined;
}

/** Whether a file or folder has this path, or a path that ends with this. */
function isThere(name: string, page: string, { files }: Inventory): boolean {
  const isFolder = name.endsWith('/') || !FILE.test(name);
  const path = name.startsWith('.') ? normalize(join(dirname(page), name)) : name;
  const inner = `/${path.replace(/^(?:\.\.\/)+/, '').replace(/\/$/, '')}`;
  for (const file of files) {
    const rooted = `/${file}`;
    if (isFolder ? rooted.includes(`${inner}/`) || rooted.endsWith(inner) : rooted.endsWith(inner))
      return true;
  }
  return false;
}
