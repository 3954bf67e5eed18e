import { ExportService } from './export/exporter.ts';
import { serve } from './serve.ts';

declare const self: DedicatedWorkerGlobalScope;

serve(self, () => new ExportService());
