import { useState } from 'preact/hooks';
import { money } from './money.ts';
import { Picture } from './product-card.tsx';
import { SlateRow } from './slate-row.tsx';
import { type BasketLine, basket, buy, setQuantity } from './state.ts';

export function BasketPage() {
  const lines = basket.value;
  if (lines.length === 0) {
    return (
      <>
        <section class="empty">
          <h1>Your basket is empty</h1>
          <p>
            Have a look around. <a href="/">Back to the shop</a>
          </p>
        </section>
        <SlateRow title="For you" surface="for-you" />
      </>
    );
  }
  return (
    <>
      <section class="basket">
        <h1>Your basket</h1>
        <ul>
          {lines.map((line) => (
            <Line key={line.product.id} line={line} />
          ))}
        </ul>
        <Checkout lines={lines} />
      </section>
      <SlateRow
        title="Goes with your basket"
        surface="goes-with"
        about={{ basket: lines.map(({ product }) => product.id) }}
        empty="Nothing goes with it yet."
      />
    </>
  );
}

function Line({ line: { product, quantity } }: { readonly line: BasketLine }) {
  return (
    <li>
      <Picture product={product} />
      <a href={`/product/${encodeURIComponent(product.id)}`}>{product.title}</a>
      <span class="quantity">
        <button
          type="button"
          aria-label={`One ${product.title} less`}
          onClick={() => setQuantity(product.id, quantity - 1)}
        >
          −
        </button>
        <output>{quantity}</output>
        <button
          type="button"
          aria-label={`One ${product.title} more`}
          onClick={() => setQuantity(product.id, quantity + 1)}
        >
          +
        </button>
      </span>
      <span class="price">{money({ ...product.price, amountMinor: product.price.amountMinor * quantity })}</span>
    </li>
  );
}

function Checkout({ lines }: { readonly lines: readonly BasketLine[] }) {
  const [trouble, setTrouble] = useState('');
  const amountMinor = lines.reduce((sum, { product, quantity }) => sum + product.price.amountMinor * quantity, 0);
  const currency = lines[0]?.product.price.currency ?? 'EUR';
  return (
    <div class="checkout">
      <p>
        Together <b class="price">{money({ amountMinor, currency })}</b>
      </p>
      <button
        type="button"
        class="primary"
        onClick={() =>
          void buy().then(
            () => setTrouble(''),
            (error: Error) => setTrouble(error.message),
          )
        }
      >
        Buy
      </button>
      {trouble !== '' && <p class="trouble">{trouble} Your basket is as it was.</p>}
    </div>
  );
}
