import { type NextItemQuestion, questionsOf } from './next-item.ts';
import type { NextItemExample } from './read-sessions.ts';

/** Sessions by dense item numbers, the most frequent item first: where a model knows nothing, the lower number and so the more popular wins. */
export interface NumberedSessions {
  readonly itemCount: number;
  readonly sessions: readonly Int32Array[];
  readonly itemOf: ReadonlyMap<string, number>;
}

export function numberSessions(sessions: readonly (readonly string[])[]): NumberedSessions {
  const counts = new Map<string, number>();
  for (const session of sessions) for (const item of session) counts.set(item, (counts.get(item) ?? 0) + 1);
  const byCount = [...counts].sort(([, a], [, b]) => b - a);
  const itemOf = new Map(byCount.map(([item], number) => [item, number]));
  const numbered = sessions.map((session) => Int32Array.from(session, (item) => itemOf.get(item)!));
  return { itemCount: itemOf.size, sessions: numbered, itemOf };
}

/** Items that no session holds are −1. */
export function numberExamples(
  examples: readonly NextItemExample[],
  itemOf: ReadonlyMap<string, number>,
): NextItemQuestion[] {
  const number = (item: string) => itemOf.get(item) ?? -1;
  return examples.map(({ begin, next }) => ({ items: Int32Array.from(begin, number), next: number(next) }));
}

/** The newest sessions held out to choose on. */
export interface SessionCut {
  readonly kept: readonly Int32Array[];
  readonly heldOut: readonly Int32Array[];
}

/** @param share of all sessions, held out; never the last that is kept. */
export function cutNewest(sessions: readonly Int32Array[], share: number): SessionCut {
  const at = Math.max(1, Math.floor(sessions.length * (1 - share)));
  return { kept: sessions.slice(0, at), heldOut: sessions.slice(at) };
}

/** Questions of sessions about items that the earlier sessions hold. */
export function knownQuestions({ kept, heldOut }: SessionCut, itemCount: number): NextItemQuestion[][] {
  const isKnown = new Uint8Array(itemCount);
  for (const session of kept) for (const item of session) isKnown[item] = 1;
  return heldOut.map((session) => questionsOf(session).filter(({ next }) => isKnown[next] === 1));
}
