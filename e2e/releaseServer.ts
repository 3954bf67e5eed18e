import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

/** Media types of what a release holds. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.mp4': 'video/mp4',
};

/** The build that every release is a change of. */
const FOLDER = 'dist';

/** Files that differ from those of the build, by their paths; `undefined` where one is not there. */
export type Changes = ReadonlyMap<string, Buffer | undefined>;

const PAINTED_FILES = {
  'models/embedded.json': 'manifest.json',
  'models/painted/encoder.onnx': 'encoder.onnx',
  'models/painted/decoder.onnx': 'decoder.onnx',
};

/** The painted model in place of the embedded one (tools/fixtures/paintedModel.ts). */
export async function paintedModel(): Promise<Changes> {
  const read = async ([path, name]: [string, string]) =>
    [path, await readFile(join('fixtures/models/painted', name))] as const;
  return new Map(await Promise.all(Object.entries(PAINTED_FILES).map(read)));
}

/** Changes, with a service worker whose list of files fits them. */
export async function asRelease(changes: Changes): Promise<Changes> {
  const script = await readFile(join(FOLDER, 'sw.js'), 'utf8');
  const [line = '', json = ''] = /^const RELEASE = (.*);\n/.exec(script) ?? [];
  const release = JSON.parse(json) as { version: string; files: Record<string, string> };
  for (const [path, content] of changes) {
    if (!(path in release.files)) continue;
    if (content) release.files[path] = `sha256-${createHash('sha256').update(content).digest('base64')}`;
    else Reflect.deleteProperty(release.files, path);
  }
  release.version = createHash('sha256').update(JSON.stringify(release.files)).digest('hex').slice(0, 16);
  const changed = `const RELEASE = ${JSON.stringify(release)};\n${script.slice(line.length)}`;
  return new Map([...changes, ['sw.js', Buffer.from(changed)]]);
}

/** The headers for all files that a release's `_headers` asks for. */
async function readHeaders(folder: string): Promise<Record<string, string>> {
  const [all = ''] = (await readFile(join(folder, '_headers'), 'utf8')).split(/\n(?=\S)/);
  return Object.fromEntries(
    Array.from(all.matchAll(/^ +([\w-]+): (.*)$/gm), ([, name = '', value = '']) => [name, value]),
  );
}

/** Where the app is on its host. */
const BASE = '/some/base/';

/**
 * Serves releases of the app with their headers, one at a time, as a host does that changes from one to the next. They are not at the root of the
 * host.
 */
export class ReleaseServer {
  /** What the release that is served has other than the build. */
  changes: Changes = new Map();
  /** What was asked for outside the app's own path. */
  readonly strays: string[] = [];
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  #headers: Record<string, string> = {};

  /** Gives the address of the page. */
  async start(): Promise<string> {
    this.#headers = await readHeaders(FOLDER);
    await new Promise<void>((listening) => this.#server.listen(0, 'localhost', listening));
    return `http://localhost:${(this.#server.address() as AddressInfo).port}${BASE}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #answer({ url = '/' }: IncomingMessage, response: ServerResponse): Promise<void> {
    const whole = normalize(decodeURIComponent(new URL(url, 'http://host').pathname));
    if (!whole.startsWith(BASE)) {
      this.strays.push(whole);
      response.writeHead(404).end();
      return;
    }
    const path = whole.slice(BASE.length) || 'index.html';
    const content = this.changes.has(path)
      ? this.changes.get(path)
      : await readFile(join(FOLDER, path)).catch(() => undefined);
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    response.writeHead(content ? 200 : 404, { ...this.#headers, 'Content-Type': type });
    response.end(content);
  }
}
