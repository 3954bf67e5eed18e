import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';

/** A way in which a hub lets a download down, for the files whose path contains `file`. */
export type Fault =
  | { readonly kind: 'break'; readonly file: string; readonly after: number }
  | { readonly kind: 'refuse'; readonly file: string }
  | { readonly kind: 'wrong bytes'; readonly file: string }
  | { readonly kind: 'not found'; readonly file: string }
  | { readonly kind: 'hold'; readonly file: string; readonly after: number };

export interface HubRequest {
  readonly path: string;
  readonly range: string | undefined;
}

const PIECE = 64 * 1024;

/**
 * A server that plays the hub: a repository's files at `/REPO/resolve/REVISION/PATH`, with CORS headers and ranges as the
 * real one has them, and faults that a test sets.
 */
export class Hub {
  /** Every request, in order. */
  readonly requests: HubRequest[] = [];
  faults: Fault[] = [];
  isCorsAllowed = true;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #repositories: ReadonlyMap<string, string>;
  #release: () => void = () => undefined;
  #held = Promise.resolve();

  /** @param repositories folders of files, by `REPO/resolve/REVISION` */
  constructor(repositories: ReadonlyMap<string, string>) {
    this.#repositories = repositories;
  }

  async start(): Promise<string> {
    await new Promise<void>((listening) => this.#server.listen(0, 'localhost', listening));
    return `http://localhost:${(this.#server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.release();
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  /** Sends a download as far as the fault says; `release` then breaks it off, or lets it go on. */
  hold(fault: Extract<Fault, { after: number }>): void {
    this.#held = new Promise((release) => (this.#release = release));
    this.faults = [fault];
  }

  release(): void {
    this.#release();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://hub').pathname).slice(1);
    const range = request.headers.range;
    this.requests.push({ path, range });
    if (this.isCorsAllowed) {
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Access-Control-Expose-Headers', 'ETag, Content-Range');
    }
    const fault = this.faults.find(({ file }) => path.includes(file));
    const content = fault?.kind === 'not found' ? undefined : await this.#read(path);
    if (!content) {
      response.writeHead(404).end('Entry not found');
      return;
    }
    if (fault?.kind === 'refuse') {
      request.socket.destroy();
      return;
    }
    if (fault?.kind === 'wrong bytes') content[content.length >> 1]! ^= 1;
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    response.writeHead(range ? 206 : 200, {
      'Accept-Ranges': 'bytes',
      'Content-Length': content.length - from,
      ...(range && { 'Content-Range': `bytes ${from}-${content.length - 1}/${content.length}` }),
    });
    for (let at = from; at < content.length; at += PIECE) {
      if (fault && 'after' in fault && at >= fault.after) await this.#held;
      if (fault?.kind === 'break' && at >= fault.after) {
        // The connection ends short of what was announced.
        request.socket.end();
        return;
      }
      const isAccepted = response.write(content.subarray(at, at + PIECE));
      if (!isAccepted) await new Promise((drained) => response.once('drain', drained));
    }
    response.end();
  }

  async #read(path: string): Promise<Buffer | undefined> {
    for (const [prefix, folder] of this.#repositories) {
      if (path.startsWith(`${prefix}/`))
        return readFile(resolve(folder, path.slice(prefix.length + 1))).catch(() => undefined);
    }
    return undefined;
  }
}
