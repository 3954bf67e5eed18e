import { MaskTrack } from '../core/maskTrack.ts';
import { findObject, MAX_OBJECTS, type MaskDocument, type MaskObject } from './document.ts';
import { isKept } from './reviewed.ts';

/**
 * A document in which objects have the prompts and masks that they had once. Names, colours and order stay, and frames that are locked or
 * reviewed keep what they have. Objects that are gone come back on top, as many as there is room for.
 */
export function withRestored(document: MaskDocument, former: readonly MaskObject[]): MaskDocument {
  const objects = document.objects.map((object) => {
    const then = former.find(({ id }) => id === object.id);
    return then ? restored(object, then) : object;
  });
  const gone = former.filter(({ id }) => findObject(document, id) === undefined);
  const all = [...objects, ...gone].slice(0, MAX_OBJECTS);
  const lastId = Math.max(document.lastId, ...all.map(({ id }) => id));
  return { ...document, objects: all, lastId };
}

function restored(object: MaskObject, then: MaskObject): MaskObject {
  const stays = (frame: number) => isKept(object, frame);
  const isWhole = object.locked.length === 0 && object.reviewed === undefined;
  const merged = <T>(now: Iterable<readonly [number, T]>, past: Iterable<readonly [number, T]>) => [
    ...Array.from(past).filter(([frame]) => !stays(frame)),
    ...Array.from(now).filter(([frame]) => stays(frame)),
  ];
  return {
    ...object,
    prompts: new Map(merged(object.prompts, then.prompts)),
    decoded: new Map(merged(object.decoded, then.decoded)),
    track: isWhole ? then.track : MaskTrack.EMPTY.with(merged(object.track, then.track)),
  };
}
