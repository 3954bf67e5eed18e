import { StageService } from './stage/stageService.ts';
import { serve } from './serve.ts';

declare const self: DedicatedWorkerGlobalScope;

serve(self, () => new StageService());
