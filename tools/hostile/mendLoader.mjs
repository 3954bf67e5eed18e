// @ts-check
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { mendMediabunny } from '../build/mendMediabunny.mjs';

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!url.includes('/mediabunny/')) return next(url, context);
  const source = mendMediabunny(url, await readFile(fileURLToPath(url), 'utf8'));
  return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true };
}
