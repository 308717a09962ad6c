import { type CallContext, frameworkProblems, type HandlersOf, ProblemError, type Store, type Tx } from 'relearn';
import type { Product } from '../catalog/contract.ts';
import type { CartTimers } from './cart-timers.ts';
import {
  type Cart,
  type cartContract,
  cartFull,
  catalogUnavailable,
  currencyMixed,
  LINES_MAX,
  lineNotFound,
  productUnavailable,
  QUANTITY_MAX,
} from './contract.ts';
import { type KeptLine, type Lines, withAdded, without, withQuantity, withSeenPrices } from './lines.ts';
import { guestOf, type Owner, ownerOf } from './owner.ts';
import { joinCarts, readCart, writeCart } from './store.ts';
import { type Neighbours, priceOf, viewOf } from './view.ts';

export interface CartParts {
  readonly store: Store;
  readonly neighbours: Neighbours;
  readonly timers: CartTimers;
}

/** The cart's handlers, in the contract's order. */
export function cartHandlers(parts: CartParts): HandlersOf<typeof cartContract> {
  const { store, neighbours, timers } = parts;

  async function shown(owner: Owner, call: CallContext): Promise<Cart> {
    return viewOf(neighbours, { owner, cart: await readCart(store, owner) }, call);
  }

  /** In a transaction: `work` gets the lines and gives those to keep; the same ones change nothing. */
  async function changeIn(
    tx: Tx,
    owner: Owner,
    { ifMatch }: CallContext,
    work: (lines: Lines) => Lines,
  ): Promise<void> {
    const cart = await readCart(tx, owner);
    if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== String(cart.revision)) {
      throw new ProblemError(frameworkProblems.preconditionFailed);
    }
    const lines = work(cart.lines);
    if (lines !== cart.lines) await writeCart(tx, owner, { cart, lines }, timers);
  }

  async function change(call: CallContext, work: (lines: Lines) => Lines): Promise<Cart> {
    const owner = await ownerWithGuest(parts, call);
    await store.transact((tx) => changeIn(tx, owner, call, work));
    return shown(owner, call);
  }

  return {
    getCart: async (_request, call) => shown(await ownerWithGuest(parts, call), call),

    addLine: async ({ body: { productId, quantity = 1, ...recommended } }, call) => {
      const owner = await ownerWithGuest(parts, call);
      const [looked] = await Promise.allSettled([productOf(neighbours, productId, call)]);
      // A repeat is answered, even where the product is gone by now.
      await call.once(async (tx) => {
        const product = known(looked);
        const added = { ...lineOf(product, quantity), ...recommended };
        await changeIn(tx, owner, call, (lines) =>
          admitted(withAdded(lines, added), { product, added: quantity, lines }),
        );
        return {};
      });
      return shown(owner, call);
    },

    setQuantity: async ({ params: { productId }, body: { quantity } }, call) => {
      const [looked] = await Promise.allSettled([productOf(neighbours, productId, call)]);
      return change(call, (lines) => {
        const line = lines.find((one) => one.productId === productId);
        if (line === undefined) throw new ProblemError(lineNotFound);
        if (line.quantity === quantity) return lines;
        // Fewer pieces can be had whatever the catalog says.
        if (quantity > line.quantity) checkStock(known(looked), quantity);
        return withQuantity(lines, productId, quantity);
      });
    },

    removeLine: ({ params: { productId } }, call) =>
      change(call, (lines) => (lines.some((line) => line.productId === productId) ? without(lines, productId) : lines)),

    clearCart: (_request, call) => change(call, (lines) => (lines.length === 0 ? lines : [])),

    acceptPrices: ({ body }, call) => change(call, (lines) => withSeenPrices(lines, body.lines)),
  };
}

/** Whose cart it is; a cart that they had as a guest is joined to it first. */
async function ownerWithGuest({ store, timers }: CartParts, { caller }: CallContext): Promise<Owner> {
  const owner = ownerOf(caller);
  const guest = guestOf(caller);
  if (guest !== undefined && (await readCart(store, guest)).revision > 0) {
    await store.transact((tx) => joinCarts(tx, { shopper: owner, guest }, timers));
  }
  return owner;
}

/** @throws ProblemError `cart.catalog-unavailable`; `cart.product-unavailable` for one that is not sold. */
async function productOf({ catalog }: Neighbours, id: string, { signal }: CallContext): Promise<Product> {
  const { products } = await catalog.getProducts({ body: { ids: [id] } }, { signal }).catch((error: unknown) => {
    if (!(error instanceof ProblemError) || error.status < 500 || signal.aborted) throw error;
    throw new ProblemError(catalogUnavailable, { cause: error });
  });
  const [product] = products;
  if (product === undefined || !product.active) throw new ProblemError(productUnavailable, { data: { available: 0 } });
  return product;
}

function known(looked: PromiseSettledResult<Product>): Product {
  if (looked.status === 'rejected') throw looked.reason;
  return looked.value;
}

function checkStock({ stock }: Product, quantity: number): void {
  if (quantity > stock) throw new ProblemError(productUnavailable, { data: { available: stock } });
}

/** Lines that hold no more than they may. */
function admitted(next: Lines, { product, added, lines }: { product: Product; added: number; lines: Lines }): Lines {
  const before = lines.find(({ productId }) => productId === product.id)?.quantity ?? 0;
  if (next.length > Math.max(LINES_MAX, lines.length) || before + added > QUANTITY_MAX) {
    throw new ProblemError(cartFull, { data: { linesMax: LINES_MAX, quantityMax: QUANTITY_MAX } });
  }
  checkStock(product, before + added);
  const { currency } = priceOf(product);
  if (lines.some(({ seenPrice }) => seenPrice.currency !== currency)) throw new ProblemError(currencyMixed);
  return next;
}

function lineOf(product: Product, quantity: number): KeptLine {
  const { id: productId, title, pictureUrl } = product;
  return { productId, quantity, title, pictureUrl, seenPrice: priceOf(product) };
}
