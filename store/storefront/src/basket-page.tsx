import { useState } from 'preact/hooks';
import { money } from './money.ts';
import { Picture } from './product-card.tsx';
import { SlateRow } from './slate-row.tsx';
import { type BasketLine, basket, buy, setQuantity } from './state.ts';
import { useTitle } from './use-title.ts';

export function BasketPage() {
  const lines = basket.value;
  useTitle('Basket');
  const [hasBought, setHasBought] = useState(false);
  if (lines.length === 0) return <EmptyBasket hasBought={hasBought} />;
  return (
    <>
      <section class="basket">
        <h1>Your basket</h1>
        <ul>
          {lines.map((line) => (
            <Line key={line.product.id} line={line} />
          ))}
        </ul>
        <Checkout lines={lines} onBought={() => setHasBought(true)} />
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

function EmptyBasket({ hasBought }: { readonly hasBought: boolean }) {
  return (
    <>
      <section class="empty" role="status">
        <h1>{hasBought ? 'Thank you' : 'Your basket is empty'}</h1>
        <p>
          {hasBought
            ? 'It is on its way, and the shop has learnt a little about you.'
            : 'Something below may change that.'}{' '}
          <a href="/">Back to the shop</a>
        </p>
      </section>
      <SlateRow title="For you" surface="for-you" />
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

interface CheckoutProps {
  readonly lines: readonly BasketLine[];
  onBought(): void;
}

function Checkout({ lines, onBought }: CheckoutProps) {
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
        onClick={() => void buy().then(onBought, (error: Error) => setTrouble(error.message))}
      >
        Buy
      </button>
      {trouble !== '' && <p class="trouble">{trouble} Your basket is as it was.</p>}
    </div>
  );
}
