import * as Comlink from 'comlink';
import { carryErrorCodes } from '../src/core/errors.ts';
import { holdLifeline } from './lifeline.ts';
import { PlayerService } from './media/player.ts';

declare const self: DedicatedWorkerGlobalScope;

carryErrorCodes(Comlink.transferHandlers);
Comlink.expose(new PlayerService());
holdLifeline(self);
