import { seededRandom } from 'relearn/testing';
import type { Interaction } from '../services/recommender/contract.ts';

const DAY_MS = 86_400_000;
const DAYS = 60;
const CATEGORIES = 30;

export interface MadeUpSize {
  readonly userCount: number;
  readonly itemCount: number;
  readonly seed: number;
}

export const userName = (user: number): string => `user-${user}`;
export const itemName = (item: number): string => `item-${item}`;

/** Products with which a made-up history is about, spread over 30 categories. */
export function madeUpProducts(itemCount: number) {
  return Array.from({ length: itemCount }, (_, item) => ({
    id: itemName(item),
    title: `Thing ${item} of its kind`,
    price: { amountMinor: 500 + ((item * 37) % 9_000), currency: 'EUR' },
    categories: [`Category ${item % CATEGORIES}`],
    stock: 100,
  }));
}

/** Two months of purchases and views, sorted by time: each user takes 20 to 60 things, mostly from three categories, popular ones more often. */
export function madeUpHistory({ userCount, itemCount, seed }: MadeUpSize, nowMs: number): Interaction[] {
  const random = seededRandom(seed);
  const perCategory = Math.floor(itemCount / CATEGORIES);
  const rows: Interaction[] = [];
  for (let user = 0; user < userCount; user++) {
    const liked = Array.from({ length: 3 }, () => Math.floor(random() * CATEGORIES));
    const count = 20 + Math.floor(random() * 41);
    for (let at = 0; at < count; at++) {
      const category = random() < 0.85 ? liked[Math.floor(random() * 3)]! : Math.floor(random() * CATEGORIES);
      const item = category + CATEGORIES * Math.floor(perCategory * random() ** 2);
      rows.push({
        id: `${user}-${at}`,
        kind: random() < 0.4 ? 'purchase' : 'view',
        userId: userName(user),
        itemId: itemName(item),
        atMs: Math.floor(nowMs - random() * DAYS * DAY_MS),
      });
    }
  }
  return rows.sort((a, b) => a.atMs! - b.atMs!);
}
