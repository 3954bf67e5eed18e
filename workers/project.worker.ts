import { ProjectService } from './project/projectService.ts';
import { serve } from './serve.ts';

declare const self: DedicatedWorkerGlobalScope;

serve(self, () => new ProjectService());
