import { seededRandom } from 'relearn/testing';
import type { Interaction } from './contract.ts';

const DAY_MS = 86_400_000;
const DAYS = 60;

export const teas = Array.from({ length: 12 }, (_, at) => `tea-${at}`);
export const tools = Array.from({ length: 12 }, (_, at) => `tool-${at}`);

/**
 * Purchases with a known answer, for tests: forty people buy teas and forty buy tools, each some of them and never the other kind; a pot is bought
 * with a cup, and tea drinkers buy milk each week, last eight days ago.
 */
export function madeUpTastes(nowMs: number): Interaction[] {
  const random = seededRandom(3);
  const rows: Interaction[] = [];
  const buy = (userId: string, itemId: string, day: number) => {
    const id = `${userId} ${itemId} ${day}`;
    const atMs = Math.floor(nowMs - (DAYS - day) * DAY_MS);
    rows.push({ id, kind: 'purchase', userId, itemId, atMs, basketId: `${userId} ${day}` });
  };
  for (let person = 0; person < 80; person++) {
    const [userId, items] = person % 2 === 0 ? [`drinker-${person}`, teas] : [`maker-${person}`, tools];
    for (const item of items) if (random() < 0.6) buy(userId, item, Math.floor(random() * (DAYS - 1)));
    if (items === tools) continue;
    for (let day = 3; day <= DAYS - 8; day += 7) buy(userId, 'milk', day);
    const day = Math.floor(random() * (DAYS - 1));
    if (random() < 0.6) for (const item of ['pot', 'cup']) buy(userId, item, day);
  }
  return rows.sort((a, b) => a.atMs! - b.atMs!);
}
