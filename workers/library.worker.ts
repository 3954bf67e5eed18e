import { LibraryService } from './library/libraryService.ts';
import { serve } from './serve.ts';

declare const self: DedicatedWorkerGlobalScope;

serve(self, () => new LibraryService());
