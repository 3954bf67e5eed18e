import * as Comlink from 'comlink';
import { carryErrorCodes } from '../src/core/errors.ts';
import { holdLifeline } from './lifeline.ts';
import { ScannerService } from './media/scanner.ts';

declare const self: DedicatedWorkerGlobalScope;

carryErrorCodes(Comlink.transferHandlers);
Comlink.expose(new ScannerService());
holdLifeline(self);
