import { assortment } from './assortment.ts';
import type { Item } from './products.ts';
import type { Random } from './random.ts';
import { shopperNames } from './shopper-names.ts';
import { styles } from './styles.ts';

/** One made-up person. Everything but the id stays hidden from the shop. */
export interface Shopper {
  readonly userId: string;
  /** Log-preference by category's and style's name. */
  readonly categories: Readonly<Record<string, number>>;
  readonly styles: Readonly<Record<string, number>>;
  /** What is paid gladly, as a factor of a kind's usual price. */
  readonly budgetFactor: number;
  readonly visitsPerDay: number;
  /** Chance that a visit is meant to end with a purchase. */
  readonly buysShare: number;
  /** Chance to take along what goes with a thing bought. */
  readonly completesShare: number;
  /** Chance to buy again what was used up. */
  readonly returnsShare: number;
}

/** Marked tastes of the shoppers in {@link shopperNames}, in their order. */
const marked: readonly { readonly categories: readonly string[]; readonly styles: readonly string[] }[] = [
  { categories: ['Tea & Coffee', 'Plants', 'Mugs'], styles: ['botanical'] },
  { categories: ['Lamps', 'Clocks'], styles: ['industrial'] },
  { categories: ['Candles', 'Lanterns'], styles: ['rustic', 'vintage'] },
  { categories: ['Blankets', 'Cushions'], styles: ['nordic'] },
  { categories: ['Bath & Soap', 'Mugs', 'Notebooks'], styles: ['vintage'] },
  { categories: ['Tea & Coffee', 'Mugs'], styles: ['playful'] },
  { categories: ['Plants', 'Pots & Vases'], styles: ['botanical', 'modern'] },
  { categories: ['Bath & Soap', 'Candles'], styles: ['coastal'] },
];

export function makeShoppers(random: Random, count: number): Shopper[] {
  return Array.from({ length: count }, (_, index) => makeShopper(random, index));
}

function makeShopper(random: Random, index: number): Shopper {
  const mark = marked[index];
  return {
    userId: shopperNames[index]?.userId ?? `shopper-${String(index + 1).padStart(4, '0')}`,
    categories: loves(random, assortment, mark?.categories),
    styles: loves(random, styles, mark?.styles),
    budgetFactor: Math.exp(0.25 * random.normal()),
    visitsPerDay: mark ? 0.25 : 0.075 * Math.exp(0.6 * random.normal()),
    buysShare: 0.3 + 0.3 * random.unit(),
    completesShare: 0.2 + 0.5 * random.unit(),
    returnsShare: 0.4 + 0.5 * random.unit(),
  };
}

/** Two or three loves, a scatter of liking below them. */
function loves(
  random: Random,
  from: readonly { readonly name: string }[],
  chosen?: readonly string[],
): Record<string, number> {
  const names = from.map(({ name }) => name);
  const loved = new Set(chosen ?? random.shuffled(names).slice(0, 2 + random.below(2)));
  const scatter = chosen ? 0.3 : 0.5;
  return Object.fromEntries(names.map((name) => [name, (loved.has(name) ? 2.2 : 0) + scatter * random.normal()]));
}

/** How much a shopper wants an item, all else equal, above 0; what the hidden taste comes down to. */
export function preference(shopper: Shopper, item: Item): number {
  const paid = item.product.price.amountMinor / item.kind.priceMinor;
  const strain = Math.max(0, Math.log(paid / shopper.budgetFactor));
  return Math.exp(
    love(shopper.categories, item.category.name) + love(shopper.styles, item.style.name) + item.appeal - 2 * strain,
  );
}

function love(loves: Readonly<Record<string, number>>, name: string): number {
  const value = loves[name];
  if (value === undefined) throw new RangeError(`No taste for ${name}`);
  return value;
}
