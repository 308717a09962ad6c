import { acceptPrices, type Cart, type CartLine, cart, cartTrouble, setQuantity } from './cart.ts';
import { money } from './money.ts';
import { Picture } from './product-card.tsx';
import { go } from './route.ts';
import { SlateRow } from './slate-row.tsx';
import { useTitle } from './use-title.ts';

export function CartPage() {
  useTitle('Cart');
  const shown = cart.value;
  if (shown === undefined) {
    return <p class={cartTrouble.value ? 'trouble' : 'quiet loading'}>{cartTrouble.value || 'One moment …'}</p>;
  }
  if (shown.lines.length === 0) return <EmptyCart />;
  return (
    <>
      <section class="cart">
        <h1>Your cart</h1>
        {cartTrouble.value !== '' && (
          <p class="trouble" role="alert">
            {cartTrouble.value}
          </p>
        )}
        {shown.degraded.includes('catalog') && (
          <p class="trouble">Prices and stock cannot be looked up just now: this is how they were last seen.</p>
        )}
        <ul>
          {shown.lines.map((line) => (
            <Line key={line.productId} line={line} />
          ))}
        </ul>
        <Sum cart={shown} />
      </section>
      {shown.degraded.includes('recommender') ? (
        <p class="quiet">No suggestions just now; your cart is as it should be.</p>
      ) : (
        <SlateRow
          title="Goes with your cart"
          surface="goes-with"
          about={{ basket: shown.lines.map(({ productId }) => productId) }}
          empty="Nothing goes with it yet."
        />
      )}
    </>
  );
}

function EmptyCart() {
  return (
    <>
      <section class="empty" role="status">
        <h1>Your cart is empty</h1>
        <p>
          Something below may change that. <a href="/">Back to the shop</a>
        </p>
      </section>
      <SlateRow title="For you" surface="for-you" />
    </>
  );
}

const faults = {
  gone: () => 'No longer sold: take it out to go on.',
  'out-of-stock': () => 'Sold out: take it out to go on.',
  'too-few': ({ available }: CartLine) => `Only ${available} left: take fewer to go on.`,
};

function Line({ line }: { readonly line: CartLine }) {
  const { productId, title, pictureUrl, quantity, unitPrice, priceWas, fault } = line;
  const amountMinor = unitPrice.amountMinor * quantity;
  return (
    <li>
      <Picture product={{ id: productId, title, pictureUrl }} />
      <div>
        <a href={`/product/${encodeURIComponent(productId)}`}>{title}</a>
        {fault && <p class="fault">{faults[fault](line)}</p>}
        {priceWas && (
          <p class="fault">
            Its price has changed from {money(priceWas)} to {money(unitPrice)}.
          </p>
        )}
      </div>
      <span class="quantity">
        <button
          type="button"
          aria-label={`One ${title} less`}
          onClick={() => void setQuantity(productId, quantity - 1)}
        >
          −
        </button>
        <output>{quantity}</output>
        <button
          type="button"
          aria-label={`One ${title} more`}
          onClick={() => void setQuantity(productId, quantity + 1)}
        >
          +
        </button>
      </span>
      <span class="price">{money({ ...unitPrice, amountMinor })}</span>
      <button
        type="button"
        class="remove"
        aria-label={`Take out ${title}`}
        onClick={() => void setQuantity(productId, 0)}
      >
        ×
      </button>
    </li>
  );
}

function Sum({ cart: { subtotal, lines, canOrder } }: { readonly cart: Cart }) {
  const changed = lines.filter(({ priceWas }) => priceWas !== undefined);
  return (
    <div class="checkout-line">
      {subtotal && (
        <p>
          Together <b class="price">{money(subtotal)}</b>
        </p>
      )}
      {changed.length > 0 && (
        <button type="button" onClick={() => void acceptPrices(changed)}>
          Agree to the new {changed.length === 1 ? 'price' : 'prices'}
        </button>
      )}
      <button type="button" class="primary" disabled={!canOrder} onClick={() => go('/checkout')}>
        Check out
      </button>
    </div>
  );
}
