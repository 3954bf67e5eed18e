import * as Comlink from 'comlink';
import { carryErrorCodes } from '../src/core/errors.ts';
import { ExportService } from './export/exporter.ts';
import { holdLifeline } from './lifeline.ts';

declare const self: DedicatedWorkerGlobalScope;

carryErrorCodes(Comlink.transferHandlers);
Comlink.expose(new ExportService());
holdLifeline(self);
