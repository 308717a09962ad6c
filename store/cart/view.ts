import { type CallContext, type ClientOf, ProblemError } from 'relearn';
import type { recommenderContract } from '../../services/recommender/contract.ts';
import type { catalogContract, Product } from '../catalog/contract.ts';
import type { Cart, CartLine, Money } from './contract.ts';
import { isSamePrice, type KeptLine, type Lines } from './lines.ts';
import type { Owner } from './owner.ts';
import type { KeptCart } from './store.ts';

/** Services a cart looks at. */
export interface Neighbours {
  readonly catalog: ClientOf<typeof catalogContract>;
  readonly recommender: ClientOf<typeof recommenderContract>;
}

const CATALOG_BUDGET_MS = 500;
const GOES_WITH_BUDGET_MS = 50;
const GOES_WITH_COUNT = 6;
/** The longest basket that a recommender is asked about; the things put in last say most. */
const BASKET_MAX = 50;

type Asked = Pick<CallContext, 'signal' | 'log'>;

/** The cart as its owner sees it now. A neighbour that is late or down is named, and the rest is shown. */
export async function viewOf(
  neighbours: Neighbours,
  { owner, cart }: { owner: Owner; cart: KeptCart },
  call: Asked,
): Promise<Cart> {
  const [products, goesWith] = await Promise.all([
    lookUp(neighbours, cart.lines, call),
    whatGoesWith(neighbours, { owner, lines: cart.lines }, call),
  ]);
  const lines = cart.lines.map((line) => (products === undefined ? asSeen(line) : asNow(line, products)));
  const degraded: Cart['degraded'] = [];
  if (products === undefined) degraded.push('catalog');
  if (goesWith === undefined) degraded.push('recommender');
  return {
    revision: cart.revision,
    lines,
    subtotal: subtotalOf(lines),
    canOrder: lines.length > 0 && lines.every(({ fault, priceWas }) => fault === undefined && priceWas === undefined),
    goesWith: goesWith ?? null,
    degraded,
  };
}

/** The products of the lines; undefined when the catalog does not say. */
async function lookUp({ catalog }: Neighbours, lines: Lines, call: Asked): Promise<Map<string, Product> | undefined> {
  if (lines.length === 0) return new Map();
  const ids = lines.map(({ productId }) => productId);
  return orUndefined('catalog', call, async () => {
    const { products } = await catalog.getProducts(
      { body: { ids } },
      { signal: call.signal, timeoutMs: CATALOG_BUDGET_MS },
    );
    return new Map(products.map((product) => [product.id, product]));
  });
}

/** Null for an empty cart; undefined when the recommender is late or down. */
async function whatGoesWith(
  { recommender }: Neighbours,
  { owner, lines }: { owner: Owner; lines: Lines },
  call: Asked,
): Promise<Cart['goesWith'] | undefined> {
  if (lines.length === 0) return null;
  const basket = lines.slice(-BASKET_MAX).map(({ productId }) => productId);
  return orUndefined('recommender', call, async () => {
    const { decisionId, items } = await recommender.goesWith(
      { body: { ...owner, basket, k: GOES_WITH_COUNT, inStock: true } },
      { signal: call.signal, timeoutMs: GOES_WITH_BUDGET_MS },
    );
    return { decisionId, items: items.map(({ itemId, reason }) => ({ itemId, reason: reason.text })) };
  });
}

/** A neighbour's refusal is shown as its absence; a fault of ours is not. */
async function orUndefined<T>(
  neighbour: string,
  { signal, log }: Asked,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ProblemError) || signal.aborted) throw error;
    log.debug({ neighbour, code: error.code }, 'The cart goes on without it');
    return undefined;
  }
}

function asSeen({ seenPrice: unitPrice, ...line }: KeptLine): CartLine {
  return { ...line, unitPrice };
}

function asNow({ seenPrice, ...line }: KeptLine, products: ReadonlyMap<string, Product>): CartLine {
  const product = products.get(line.productId);
  if (product === undefined || !product.active) return { ...line, unitPrice: seenPrice, fault: 'gone' };
  const { title, pictureUrl, stock } = product;
  const unitPrice = priceOf(product);
  return {
    ...line,
    title,
    pictureUrl,
    unitPrice,
    ...(!isSamePrice(unitPrice, seenPrice) && { priceWas: seenPrice }),
    ...(stock < line.quantity && { fault: stock === 0 ? 'out-of-stock' : 'too-few', available: stock }),
  };
}

export function priceOf({ price: { amountMinor, currency } }: Product): Money {
  return { amountMinor, currency };
}

function subtotalOf(lines: readonly CartLine[]): Money | null {
  const [first] = lines;
  if (first === undefined) return null;
  const amountMinor = lines.reduce((sum, { unitPrice, quantity }) => sum + unitPrice.amountMinor * quantity, 0);
  return { amountMinor, currency: first.unitPrice.currency };
}
