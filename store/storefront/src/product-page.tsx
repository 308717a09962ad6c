import { useEffect } from 'preact/hooks';
import { productsOf } from './api.ts';
import { putInCart } from './cart.ts';
import { money } from './money.ts';
import { did } from './origins.ts';
import { Picture } from './product-card.tsx';
import { personKey } from './session.ts';
import { SlateRow } from './slate-row.tsx';
import { useAnswer } from './use-answer.ts';
import { useTitle } from './use-title.ts';

export function ProductPage({ id }: { readonly id: string }) {
  const { value, error } = useAnswer(id, (signal) => productsOf([id], signal));
  const shopper = personKey();
  useEffect(() => did('view', id), [id, shopper]);
  const product = value?.find((one) => one.id === id);
  useTitle(product?.title);
  if (error !== undefined) return <p class="trouble">{error}</p>;
  if (value?.length === 0) return <Gone />;
  return (
    <>
      <section class="product">
        {product ? <Picture product={product} /> : <div class="picture skeleton" />}
        <div>
          <p class="crumb">{product?.categories.join(' · ') ?? '\u00a0'}</p>
          <h1>{product?.title ?? '\u00a0'}</h1>
          <p class="price">{product ? money(product.price) : '\u00a0'}</p>
          <p class="description">{product?.description}</p>
          {product && (
            <p class="buy-line">
              <button
                type="button"
                class="primary"
                disabled={product.stock === 0}
                onClick={() => void putInCart(product)}
              >
                {product.stock === 0 ? 'Sold out' : 'Put in the cart'}
              </button>
              <span class="quiet">{product.stock > 0 && product.stock < 10 ? `Only ${product.stock} left` : ''}</span>
            </p>
          )}
        </div>
      </section>
      <SlateRow
        title="Similar to this"
        surface="similar-to"
        about={{ itemId: id }}
        empty="There is nothing quite like it."
      />
    </>
  );
}

function Gone() {
  return (
    <section class="empty">
      <h1>Not on our shelves</h1>
      <p>
        This product is no longer here. <a href="/">Back to the shop</a>
      </p>
    </section>
  );
}
