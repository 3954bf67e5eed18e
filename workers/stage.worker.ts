import * as Comlink from 'comlink';
import { carryErrorCodes } from '../src/core/errors.ts';
import { holdLifeline } from './lifeline.ts';
import { StageService } from './stage/stageService.ts';

declare const self: DedicatedWorkerGlobalScope;

carryErrorCodes(Comlink.transferHandlers);
Comlink.expose(new StageService());
holdLifeline(self);
