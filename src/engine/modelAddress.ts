import type { ModelAddress } from '../core/protocol/model.ts';

/** Where the app's catalogue of models is. */
export function modelFolder(): string {
  return new URL('models/', document.baseURI).href;
}

/** Where a model of the catalogue is found, by its id. */
export function modelAddress(id: string): ModelAddress {
  return { folder: modelFolder(), id };
}
