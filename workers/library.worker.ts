import * as Comlink from 'comlink';
import { carryErrorCodes } from '../src/core/errors.ts';
import { holdLifeline } from './lifeline.ts';
import { LibraryService } from './library/libraryService.ts';

declare const self: DedicatedWorkerGlobalScope;

carryErrorCodes(Comlink.transferHandlers);
Comlink.expose(new LibraryService());
holdLifeline(self);
