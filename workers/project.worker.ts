import * as Comlink from 'comlink';
import { carryErrorCodes } from '../src/core/errors.ts';
import { holdLifeline } from './lifeline.ts';
import { ProjectService } from './project/projectService.ts';

declare const self: DedicatedWorkerGlobalScope;

carryErrorCodes(Comlink.transferHandlers);
Comlink.expose(new ProjectService());
holdLifeline(self);
