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

/** Where the painted model's files lie, by their addresses in a release (tools/fixtures/paintedModel.ts). */
const PAINTED: Readonly<Record<string, string>> = {
  'models/embedded.json': 'fixtures/models/painted/manifest.json',
  'models/painted/encoder.onnx': 'fixtures/models/painted/encoder.onnx',
  'models/painted/decoder.onnx': 'fixtures/models/painted/decoder.onnx',
};

/** The headers for all files that a release's `_headers` asks for. */
async function readHeaders(folder: string): Promise<Record<string, string>> {
  const [all = ''] = (await readFile(join(folder, '_headers'), 'utf8')).split(/\n(?=\S)/);
  return Object.fromEntries(
    Array.from(all.matchAll(/^ +([\w-]+): (.*)$/gm), ([, name = '', value = '']) => [name, value]),
  );
}

/** Serves releases of the app with their headers, one at a time, as a host does that changes from one to the next. */
export class ReleaseServer {
  /** The folder of the release that is served. */
  folder: string;
  /** Paths that were asked for, in order. */
  readonly requests: string[] = [];
  readonly #isPainted: boolean;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  #headers: Record<string, string> = {};

  /** @param isPainted whether the painted model's files are served in place of the embedded one's */
  constructor({ folder = 'dist', isPainted = false } = {}) {
    this.folder = folder;
    this.#isPainted = isPainted;
  }

  /** Gives the address of the page. */
  async start(): Promise<string> {
    this.#headers = await readHeaders(this.folder);
    await new Promise<void>((listening) => this.#server.listen(0, 'localhost', listening));
    return `http://localhost:${(this.#server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #answer({ url = '/' }: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = normalize(decodeURIComponent(new URL(url, 'http://host').pathname)).slice(1) || 'index.html';
    this.requests.push(path);
    const file = (this.#isPainted ? PAINTED[path] : undefined) ?? join(this.folder, path);
    const content = await readFile(file).catch(() => undefined);
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    response.writeHead(content ? 200 : 404, {
      ...this.#headers,
      'Content-Type': type,
    });
    response.end(content);
  }
}
