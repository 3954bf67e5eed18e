import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin, Rolldown } from 'vite';

/** The file that the built app shows under About. */
const NOTICES = 'third-party-notices.txt';

/** Licences under which what the app contains may be given on. */
const PERMITTED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MPL-2.0'];

/** A package that the built app contains. */
export interface PackageNotice {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly author: string | undefined;
  readonly repository: string | undefined;
  /** Text of its licence file; some packages have none. */
  readonly text: string | undefined;
}

/**
 * Writes what the built app contains of others into a file of it: every package, with its licence. Two plugins: one for the bundles
 * of workers, and the page's own, which writes.
 *
 * @param root of the repository
 * @param further names of packages whose files the app contains without importing them
 */
export function thirdPartyNotices(
  root: string,
  further: readonly string[],
): { workers: Plugin; page: Plugin } {
  const names = new Set(further);
  const collect = (bundle: Rolldown.OutputBundle) => {
    for (const id of Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []))) {
      const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll('\\', '/'))?.[1];
      if (name !== undefined && !id.startsWith('\0')) names.add(name);
    }
  };
  return {
    workers: {
      name: 'notices-of-workers',
      generateBundle(_options, bundle) {
        collect(bundle);
      },
    },
    page: {
      name: 'notices',
      apply: 'build',
      async generateBundle(_options, bundle) {
        collect(bundle);
        const packages = await Promise.all(
          Array.from(names)
            .toSorted()
            .map((name) => readPackage(root, name)),
        );
        const own = await readPackage(root, undefined);
        this.emitFile({ type: 'asset', fileName: NOTICES, source: noticesText(own, packages) });
      },
    },
  };
}

/** @param name of a package in `node_modules`; `undefined` for the app itself */
async function readPackage(root: string, name: string | undefined): Promise<PackageNotice> {
  const folder = name === undefined ? root : join(root, 'node_modules', name);
  const described = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
    author?: string | { name: string };
    repository?: string | { url: string };
  };
  const { author, repository } = described;
  const file = (await readdir(folder)).find((each) => /^(licen[cs]e|copying)/i.test(each));
  return {
    name: described.name,
    version: described.version,
    licence: described.license ?? 'none stated',
    author: typeof author === 'object' ? author.name : author,
    repository: typeof repository === 'object' ? repository.url.replace(/^git\+/, '') : repository,
    text: file === undefined ? undefined : (await readFile(join(folder, file), 'utf8')).trim(),
  };
}

/**
 * The notices as a text. A package without a licence file gets the text of another one under the same licence.
 *
 * @throws Error if a package is under a licence that does not let the app contain it
 */
export function noticesText(app: PackageNotice, packages: readonly PackageNotice[]): string {
  const forbidden = packages.filter(({ licence }) => !PERMITTED.includes(licence));
  if (forbidden.length > 0) {
    const list = forbidden.map(({ name, licence }) => `${name} (${licence})`).join(', ');
    throw new Error(`The app may not contain ${list}: its licences are ${PERMITTED.join(', ')}.`);
  }
  const parts = packages.map((each) => {
    const { name, version, licence, author, repository } = each;
    const facts = [`${name} ${version}`, `Licence: ${licence}`];
    if (author !== undefined) facts.push(`Author: ${author}`);
    if (repository !== undefined) facts.push(`Source: ${repository}`);
    return `${facts.join('\n')}\n\n${each.text ?? textOf(licence, packages)}`;
  });
  const line = '-'.repeat(80);
  const head = `Masklet ${app.version}\nLicence: ${app.licence}\n\n${app.text ?? ''}`;
  const others = `What Masklet contains of others, beside the samples (samples/CREDITS.md):`;
  return `${[head, others, ...parts].join(`\n\n${line}\n\n`)}\n`;
}

function textOf(licence: string, packages: readonly PackageNotice[]): string {
  const other = packages.find((each) => each.licence === licence && each.text !== undefined);
  if (other?.text === undefined) throw new Error(`No package has the text of the licence ${licence}.`);
  // Whose copyright it is stands above, with the author.
  return other.text.replace(/^.*copyright \(c\).*$\n?/gim, '').trim();
}
