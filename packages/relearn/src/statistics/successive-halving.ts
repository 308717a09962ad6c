/** Of each round, one candidate in so many goes on. */
const KEPT_ONE_IN = 3;

export interface Halving<Candidate> {
  /** How good a candidate is, by a share of the data above 0 up to 1; higher is better. The share grows from round to round. */
  score(this: void, candidate: Candidate, share: number): number | Promise<number>;
  /** Asked before each score: the search ends early once time is up. */
  isOver?(this: void): boolean;
}

/** A candidate and what it scored in the last round it was in. */
export interface Standing<Candidate> {
  readonly candidate: Candidate;
  readonly score: number;
  readonly share: number;
}

/**
 * Tries all candidates on a little of the data, the best third on three times as much, and so on until three or fewer are compared on all of it: about as
 * much work as log₃ n full tries. Source: Jamieson & Talwalkar 2016.
 *
 * @returns those scored, best first: who came further before who left earlier; of equals the one listed first. Never empty for a candidate or more.
 */
export async function successiveHalving<Candidate>(
  candidates: readonly Candidate[],
  { score, isOver = () => false }: Halving<Candidate>,
): Promise<Standing<Candidate>[]> {
  let roundCount = 1;
  while (KEPT_ONE_IN ** roundCount < candidates.length) roundCount++;
  let kept = [...candidates];
  let standings: Standing<Candidate>[] = [];
  for (let round = 0; round < roundCount; round++) {
    const share = KEPT_ONE_IN ** (round + 1 - roundCount);
    const scored: Standing<Candidate>[] = [];
    for (const candidate of kept) {
      if (isOver() && standings.length + scored.length > 0) break;
      scored.push({ candidate, score: await score(candidate, share), share });
    }
    scored.sort((a, b) => b.score - a.score);
    const before = new Set(scored.map(({ candidate }) => candidate));
    standings = [...scored, ...standings.filter(({ candidate }) => !before.has(candidate))];
    if (isOver()) break;
    kept = scored.slice(0, Math.max(1, Math.ceil(scored.length / KEPT_ONE_IN))).map(({ candidate }) => candidate);
  }
  return standings;
}
