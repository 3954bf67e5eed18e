import { SegmenterService } from './segmenter/segmenterService.ts';
import { serve } from './serve.ts';

declare const self: DedicatedWorkerGlobalScope;

serve(self, () => new SegmenterService());
