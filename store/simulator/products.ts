import type { Product } from '../catalog/contract.ts';
import { assortment, type Category, type Kind } from './assortment.ts';
import type { Random } from './random.ts';
import { type Style, styles } from './styles.ts';

/** A product as the catalog takes it in. */
export type ShopProduct = Omit<Product, 'revision' | 'changedAtMs'>;

/** What the simulator knows of a product beside what the shop shows. */
export interface Item {
  readonly product: ShopProduct;
  readonly category: Category;
  readonly kind: Kind;
  readonly style: Style;
  /** How well made it is, about -1 to 1: what everybody likes. */
  readonly appeal: number;
  /** Growth of its demand over the history, natural logarithm, about -1 to 1. */
  readonly trend: number;
}

const PER_CATEGORY = 27;

/** 324 items: 27 of the 32 pairs of kind and style in each of 12 categories. */
export function makeItems(random: Random): Item[] {
  return assortment.flatMap((category) => {
    const pairs = category.kinds.flatMap((kind) => styles.map((style) => ({ kind, style })));
    const chosen = random.shuffled(pairs).slice(0, PER_CATEGORY);
    return chosen.map(({ kind, style }, index) => makeItem(random, category, kind, style, index));
  });
}

function makeItem(random: Random, category: Category, kind: Kind, style: Style, index: number): Item {
  const isRising = random.chance(0.12);
  return {
    product: makeProduct(random, category, kind, style, index),
    category,
    kind,
    style,
    appeal: 0.6 * random.normal(),
    trend: isRising ? 1 + 0.5 * random.unit() : 0.3 * random.normal(),
  };
}

function makeProduct(random: Random, category: Category, kind: Kind, style: Style, index: number): ShopProduct {
  const colour = random.pick(style.colours);
  const material = random.pick(category.materials);
  const collection = style.collections[category.kinds.indexOf(kind)] as string;
  const id = `${category.prefix}-${String(index + 1).padStart(2, '0')}`;
  return {
    id,
    title: `${collection} ${kind.name} in ${inColour(colour, category.vessel)}`,
    description: `${kind.sentence} ${capital(style.name)}, ${material}. ${style.sentence}`,
    price: {
      amountMinor: priceMinor(kind.priceMinor * style.priceFactor * Math.exp(0.12 * random.normal())),
      currency: 'EUR',
    },
    categories: [category.name],
    tags: [style.name, material, random.pick(category.tags)],
    pictureUrl: `/pictures/${id}.svg`,
    stock: random.chance(0.03) ? 0 : 5 + random.below(120),
    attributes: { kind: kind.name, style: style.name, colour, material, pattern: style.pattern },
    active: true,
  };
}

function inColour(colour: string, vessel: string | undefined): string {
  if (vessel === undefined) return capital(colour);
  return `${/^[aeio]/.test(colour) ? 'an' : 'a'} ${capital(colour)} ${vessel}`;
}

/** Ends as prices do: 4.90, 12.50, 129.00. */
function priceMinor(about: number): number {
  if (about >= 5000) return Math.round(about / 500) * 500 - 100;
  const half = Math.round(about / 50) * 50;
  return half % 100 === 0 ? half - 10 : half;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
