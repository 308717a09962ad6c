import { successiveHalving } from '../statistics/successive-halving.ts';
import { drawnSettings, nearSettings, type SettingsSpace } from './session-candidates.ts';

const DRAWN = 81;
const ROUNDS = 3;
const NEAR = 24;

export interface SettingsSearch<Settings> {
  /** How good settings are, by a share of the questions. */
  score(this: void, settings: Settings, share: number): number;
  readonly random: () => number;
  /** Whether no time is left for another try. */
  isOver(this: void): boolean;
}

/** The best of many settings drawn at random, then of some beside the best three, a few times: each time by successive halving. */
export async function findSessionSettings<Settings>(
  { grid }: SettingsSpace<Settings>,
  { score, random, isOver }: SettingsSearch<Settings>,
): Promise<Settings> {
  const drawn = Array.from({ length: DRAWN }, () => drawnSettings(grid, random));
  let standings = await successiveHalving(drawn, { score, isOver });
  for (let round = 0; round < ROUNDS && !isOver(); round++) {
    const best = standings.slice(0, 3).map(({ candidate }) => candidate);
    const near = Array.from({ length: NEAR }, (_, at) => nearSettings(best[at % best.length]!, grid, random));
    const found = await successiveHalving([...best, ...near], { score, isOver });
    if (found[0]!.share === 1) standings = found;
  }
  return standings[0]!.candidate;
}
