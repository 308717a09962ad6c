import { signal } from '@preact/signals';
import type { Interaction } from '../../../services/recommender/contract.ts';
import { record, ShopError } from './api.ts';
import { stored } from './stored.ts';

/** Deeds in one request, and those that are kept at most while nobody takes them. */
const BATCH_MAX = 100;
const KEPT_MAX = 1_000;

const PAUSE_MS_MIN = 2_000;
const PAUSE_MS_MAX = 60_000;

/** Grows with everything that was done: what is recommended is asked for again. */
export const deeds = signal(0);

/** Not told yet, oldest first, over a reload too; each has an id, so that telling it again counts once. */
let untold: readonly Interaction[] = stored('untold', []);
let isTelling = false;
let pauseMs = PAUSE_MS_MIN;
let timer = 0;

/**
 * Tells the recommender what was done, in the order it was done. Shopping goes on when it cannot be reached: the deeds are kept, and
 * told after a pause that doubles up to a minute, with the next deed, or when the browser is online again. What is refused is not sent again.
 */
export async function tell(interactions: readonly Interaction[]): Promise<void> {
  keep([...untold, ...interactions].slice(-KEPT_MAX));
  if (isTelling) return;
  isTelling = true;
  clearTimeout(timer);
  let isTaken = true;
  while (isTaken && untold.length > 0) isTaken = await isTold(untold.slice(0, BATCH_MAX));
  isTelling = false;
}

/** Whether these deeds need no more telling. */
async function isTold(batch: readonly Interaction[]): Promise<boolean> {
  try {
    await record(batch);
    pauseMs = PAUSE_MS_MIN;
  } catch (error) {
    if (!(error instanceof ShopError) || error.isPassing) {
      timer = window.setTimeout(() => void tell([]), pauseMs);
      pauseMs = Math.min(2 * pauseMs, PAUSE_MS_MAX);
      return false;
    }
  }
  const told = new Set(batch);
  keep(untold.filter((deed) => !told.has(deed)));
  deeds.value++;
  return true;
}

function keep(interactions: readonly Interaction[]): void {
  untold = interactions;
  localStorage.setItem('untold', JSON.stringify(untold));
}

addEventListener('online', () => void tell([]));
void tell([]);
