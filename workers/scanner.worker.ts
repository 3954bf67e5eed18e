import { ScannerService } from './media/scanner.ts';
import { serve } from './serve.ts';

declare const self: DedicatedWorkerGlobalScope;

serve(self, () => new ScannerService());
