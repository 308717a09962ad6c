import type { Decision } from 'relearn';
import type { Slate } from './contract.ts';
import type { Ranked, Surface } from './features.ts';

type Item = Slate['items'][number];
type Reason = Item['reason'];

/** What numbers stand for, and whether this person bought an item. */
export interface Meanings {
  readonly nameOf: (item: number) => string;
  readonly titleOf: (item: number) => string;
  readonly bought: (item: number) => boolean;
}

/** The reply to a question: names in place of numbers, and a sentence for people with each item. */
export function slateOf(
  { id, version, degraded, output }: Decision<Ranked>,
  surface: Surface,
  { nameOf, titleOf, bought }: Meanings,
): Slate {
  const items = output.items.map((item, place): Item => {
    const because = output.because[place] ?? -1;
    const speaker =
      because >= 0 ? { name: nameOf(because), title: titleOf(because), bought: bought(because) } : undefined;
    return {
      itemId: nameOf(item),
      score: rounded(output.scores[place] ?? 0),
      reason: reasonOf(surface, output.basis[place] ?? 'popular', speaker),
    };
  });
  return { decisionId: id, version: version ?? null, degraded, items };
}

/** To six decimals: more say nothing, and take longer to write than to compute. */
function rounded(score: number): number {
  return Math.round(score * 1e6) / 1e6;
}

interface Speaker {
  readonly name: string;
  readonly title: string;
  readonly bought: boolean;
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
  if (!speaker) return { kind: 'popular', text: 'Popular right now' };
  return speaker.bought
    ? { kind: 'because-bought', itemId: speaker.name, text: `Because you bought ${speaker.title}` }
    : { kind: 'because-viewed', itemId: speaker.name, text: `Because you looked at ${speaker.title}` };
}
