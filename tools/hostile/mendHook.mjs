// @ts-check
/** Has Node load mediabunny as the built page has it: `node --import ./tools/hostile/mendHook.mjs`. */
import { register } from 'node:module';

register('./mendLoader.mjs', import.meta.url);
