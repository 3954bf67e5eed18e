import * as Comlink from 'comlink';
import { carryErrorCodes } from '../../src/core/errors.ts';
import { loseGpu } from './loseGpu.ts';

carryErrorCodes(Comlink.transferHandlers);
Comlink.expose({ loseGpu });
