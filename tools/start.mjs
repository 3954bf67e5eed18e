// @ts-check
/** `npm start`: sets up whatever is missing, builds, and serves the app on this machine. */
import { buildIfNeeded, root, runMain, setUp, SetupError } from './setup.mjs';

/** Not Vite's 4173: pages at one address share their storage, and any other project's preview may be there. */
const DEFAULT_PORT = 6275;

/** The port asked for with `--port N`, `--port=N` or $PORT. */
function chosenPort() {
  const args = process.argv.slice(2).flatMap((arg) => arg.split('='));
  const at = args.indexOf('--port');
  const text = at === -1 ? process.env.PORT : (args[at + 1] ?? '');
  if (text === undefined) return DEFAULT_PORT;
  const port = Number(text);
  if (text !== '' && Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new SetupError(`A port is a whole number from 1 to 65535, not “${text}”.`);
}

await runMain(async () => {
  const port = chosenPort();
  await setUp();
  await buildIfNeeded();

  const { preview } = await import('vite');
  const server = await preview({
    root,
    logLevel: 'warn',
    preview: { port, host: 'localhost', strictPort: false },
  });
  const address = server.resolvedUrls?.local[0] ?? `http://localhost:${port}/`;
  if (new URL(address).port !== String(port)) console.log(`Port ${port} is taken.`);
  console.log(`\nMasklet is at ${address}\nPress Ctrl-C to stop.`);

  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      // Open connections would keep `close()` waiting for as long as a page is open.
      void server.close();
      process.exit(0);
    });
  }
});
