import { useEffect, useRef } from 'preact/hooks';
import type { Product } from './api.ts';
import { putInCart } from './cart.ts';
import { money } from './money.ts';
import { onceSeen } from './once-seen.ts';
import { did, type Origin } from './origins.ts';

interface ProductCardProps {
  readonly product: Product;
  readonly reason?: string;
  readonly origin?: Origin;
}

export function ProductCard({ product, reason, origin }: ProductCardProps) {
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (origin && card.current) return onceSeen(card.current, () => did('impression', product.id, origin));
    return undefined;
  }, [origin?.decisionId, origin?.slot]);
  return (
    <article class="card" ref={card}>
      <a href={`/product/${encodeURIComponent(product.id)}`} onClick={() => origin && did('click', product.id, origin)}>
        <Picture product={product} />
        <h3>{product.title}</h3>
        <p class="about">{product.description}</p>
      </a>
      {reason !== undefined && <p class="reason">{reason}</p>}
      <div class="offer">
        <span class="price">{money(product.price)}</span>
        <button
          type="button"
          aria-label={`Add ${product.title} to the cart`}
          onClick={() => void putInCart(product, origin)}
        >
          Add
        </button>
      </div>
    </article>
  );
}

/** As high as the card that will take its place. */
export function CardSkeleton({ hasReason = false }: { readonly hasReason?: boolean }) {
  return (
    <div class="card skeleton" aria-hidden="true">
      <div>
        <div class="picture" />
        <h3>&nbsp;</h3>
        <p class="about" />
      </div>
      {hasReason && <p class="reason">&nbsp;</p>}
      <div class="offer">&nbsp;</div>
    </div>
  );
}

/** The product's picture, or a tile with its initials. */
export function Picture({ product }: { readonly product: Pick<Product, 'id' | 'title' | 'pictureUrl'> }) {
  if (product.pictureUrl) {
    return (
      <img class="picture" src={product.pictureUrl} alt="" width="320" height="320" loading="lazy" decoding="async" />
    );
  }
  const hue = Array.from(product.id).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  const initials = product.title
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word[0]?.toUpperCase())
    .join('');
  return (
    <div class="picture tile" style={{ '--hue': hue }} aria-hidden="true">
      {initials}
    </div>
  );
}
