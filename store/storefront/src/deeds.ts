import { signal } from '@preact/signals';
import type { Interaction } from '../../../services/recommender/contract.ts';
import { record } from './api.ts';

/** Grows with everything that was done: what is recommended is asked for again. */
export const deeds = signal(0);

/** Deeds that could not be sent; each has an id, so that sending it again counts once. */
let unsent: readonly Interaction[] = [];

/**
 * Tells the recommender what was done, together with what could not be told before. Shopping goes on when it cannot be reached: the
 * deed is kept until the next one, or until the browser is online again.
 */
export async function tell(interactions: readonly Interaction[]): Promise<void> {
  const all = [...unsent, ...interactions];
  unsent = [];
  try {
    await record(all);
    deeds.value++;
  } catch {
    unsent = [...all, ...unsent];
  }
}

addEventListener('online', () => void (unsent.length > 0 && tell([])));
