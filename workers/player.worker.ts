import { PlayerService } from './media/player.ts';
import { serve } from './serve.ts';

declare const self: DedicatedWorkerGlobalScope;

serve(self, () => new PlayerService());
