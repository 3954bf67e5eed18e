// @ts-check
const { isBuiltin } = require('node:module');
const { dirname, resolve } = require('node:path');

/**
 * Resolver for `eslint-plugin-boundaries`. Imports here are relative with their extension, so a path is what it says;
 * whether the file exists is the compiler's question. Vite's suffixes (`?raw`, `?url`) are no part of the path.
 */
module.exports = {
  interfaceVersion: 2,
  resolve(/** @type {string} */ source, /** @type {string} */ importer) {
    const [specifier = ''] = source.split('?');
    if (isBuiltin(specifier)) return { found: true, path: null };
    if (specifier.startsWith('.')) return { found: true, path: resolve(dirname(importer), specifier) };
    return { found: false };
  },
};
