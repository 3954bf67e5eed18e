import type { Search } from '../../stores/project/elsewhereStore.ts';
import { plural } from '../format.ts';

/** How a search in other clips goes, and what came of it, in a few words. */
export function searchSentence({ phase, clips }: Search): string {
  if (phase === 'waiting') return 'It goes on when the model is free.';
  const at = clips.find(({ outcome }) => outcome.kind === 'looking');
  if (phase === 'looking') return at ? `Looking in ${at.name}…` : 'Looking at what it is like…';
  if (clips.length === 0) return 'There is no other project: each clip that you work on becomes one.';
  const found = clips.flatMap(({ outcome }) => (outcome.kind === 'done' ? [outcome.found] : []));
  const looked = found.length;
  const withSome = found.filter((count) => count > 0).length;
  const asking = clips.filter(({ outcome }) => outcome.kind === 'asks').length;
  const sentences: string[] = [];
  if (withSome > 0) sentences.push(`It was found in ${plural(withSome, 'clip')}.`);
  else if (looked > 0) sentences.push('Nothing like it was found.');
  if (looked === 0) sentences.push('No clip was looked through.');
  else if (looked < clips.length) sentences.push(`${looked} of ${clips.length} clips looked through.`);
  else sentences.push(`${plural(looked, 'clip')} looked through.`);
  if (asking > 0)
    sentences.push(`${plural(asking, 'clip')} ${asking === 1 ? 'waits' : 'wait'} to be allowed.`);
  return sentences.join(' ');
}
