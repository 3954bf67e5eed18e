// @ts-check
/** `npm run build`: the app, built into `dist`. */
import { buildApp, runMain, setUp } from './setup.mjs';

await runMain(async () => {
  await setUp();
  await buildApp();
});
