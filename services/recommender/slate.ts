import type { Decision } from 'relearn';
import type { Slate } from './contract.ts';
import type { Ranked, Surface } from './features.ts';
import type { Recommender } from './recommender.ts';

type Item = Slate['items'][number];
type Reason = Item['reason'];

/** The reply to a question: names in place of numbers, and a sentence for people with each item. */
export function slateOf(
  { id, version, degraded, output }: Decision<Ranked>,
  surface: Surface,
  { log, shelf }: Recommender,
): Slate {
  const nameOf = (item: number) => log.items.nameOf(item);
  const titleOf = (item: number) => shelf.productOf(item)?.title ?? nameOf(item);
  const items = output.items.map((item, place): Item => {
    const because = output.because[place] ?? -1;
    const speaker = because >= 0 ? { name: nameOf(because), title: titleOf(because) } : undefined;
    return {
      itemId: nameOf(item),
      score: output.scores[place] ?? 0,
      reason: reasonOf(surface, output.basis[place] ?? 'popular', speaker),
    };
  });
  return { decisionId: id, version: version ?? null, degraded, items };
}

interface Speaker {
  readonly name: string;
  readonly title: string;
}

function reasonOf(surface: Surface, basis: Ranked['basis'][number], speaker: Speaker | undefined): Reason {
  if (basis === 'popular') return { kind: 'popular', text: 'Popular right now' };
  if (basis === 'own') return { kind: 'buy-again', text: 'You have bought this before' };
  if (basis === 'content' && surface === 'for-you') return { kind: 'new', text: 'New, and close to what you like' };
  const about = speaker && { itemId: speaker.name };
  if (surface === 'similar-to')
    return { kind: 'similar-to', ...about, text: speaker ? `Similar to ${speaker.title}` : 'Similar to this' };
  if (surface === 'goes-with') {
    return { kind: 'goes-with', ...about, text: speaker ? `Goes with ${speaker.title}` : 'Goes with your basket' };
  }
  return speaker
    ? { kind: 'because-viewed', itemId: speaker.name, text: `Because of your interest in ${speaker.title}` }
    : { kind: 'popular', text: 'Popular right now' };
}
