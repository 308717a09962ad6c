import { useState } from 'preact/hooks';
import { askSlate, type Product, productsOf, type Slate, type SlateItem, type Surface } from './api.ts';
import { deeds } from './deeds.ts';
import { CardSkeleton, ProductCard } from './product-card.tsx';
import { personKey } from './session.ts';
import { useAnswer } from './use-answer.ts';

interface SlateRowProps {
  readonly title: string;
  readonly surface: Surface;
  /** What is asked beside who asks: a basket, an item. */
  readonly about?: object;
  readonly k?: number;
  /** The first item large, with what it is. */
  readonly isFeature?: boolean;
  /** Said when there is nothing to show. */
  readonly empty?: string;
}

interface Shown {
  /** Whom and what it was asked for. */
  readonly subject: string;
  readonly slate: Slate;
  readonly cards: readonly { readonly item: SlateItem; readonly product: Product; readonly slot: number }[];
}

/** One row of recommendations, asked for again after every deed. */
export function SlateRow({ title, surface, about = {}, k = 6, isFeature = false, empty }: SlateRowProps) {
  const [tries, setTries] = useState(0);
  const subject = JSON.stringify([surface, about, k, personKey()]);
  const answer = useAnswer(`${subject} ${deeds.value} ${tries}`, async (signal) => ({
    subject,
    ...(await ask(surface, { ...about, k, inStock: true }, signal)),
  }));
  const { error, pending } = answer;
  const value = error === undefined || answer.value?.subject === subject ? answer.value : undefined;
  const headingId = `row-${surface}`;
  return (
    <section
      class="row"
      aria-labelledby={headingId}
      aria-busy={pending}
      data-surface={surface}
      data-decision={value?.slate.decisionId}
    >
      <div class="row-head">
        <h2 id={headingId}>{title}</h2>
        {value && <HowChosen slate={value.slate} />}
      </div>
      {error !== undefined && !value && <NoSuggestions onRetry={() => setTries(tries + 1)} />}
      {value?.cards.length === 0 && <p class="quiet">{empty ?? 'Nothing here yet.'}</p>}
      <ul class={`cards ${isFeature ? 'feature' : 'strip'}`}>
        {value
          ? value.cards.map(({ item, product, slot }) => (
              <li key={product.id}>
                <ProductCard
                  product={product}
                  reason={item.reason.text}
                  origin={{ decisionId: value.slate.decisionId, slot }}
                />
              </li>
            ))
          : error === undefined &&
            Array.from({ length: k }, (_, place) => (
              <li key={place}>
                <CardSkeleton hasReason />
              </li>
            ))}
      </ul>
    </section>
  );
}

function NoSuggestions({ onRetry }: { onRetry(): void }) {
  return (
    <p class="trouble">
      No suggestions just now. Everything else is on its shelf, and search finds it.
      <button type="button" onClick={onRetry}>
        Ask again
      </button>
    </p>
  );
}

async function ask(surface: Surface, body: object, signal: AbortSignal): Promise<Omit<Shown, 'subject'>> {
  const slate = await askSlate(surface, body, signal);
  const products = await productsOf(
    slate.items.map(({ itemId }) => itemId),
    signal,
  );
  const byId = new Map(products.map((product) => [product.id, product]));
  return {
    slate,
    cards: slate.items.flatMap((item, slot) => {
      const product = byId.get(item.itemId);
      return product ? { item, product, slot } : [];
    }),
  };
}

function HowChosen({ slate: { version, decisionId, degraded } }: { readonly slate: Slate }) {
  return (
    <details class="how">
      <summary>{degraded ? 'Still learning' : 'Why these?'}</summary>
      <dl>
        <dt>Version</dt>
        <dd>{version ?? 'none yet'}</dd>
        <dt>Decision</dt>
        <dd>{decisionId}</dd>
        <dt>Answer</dt>
        <dd>{degraded ? 'degraded: what others like, until a version is trained' : 'whole'}</dd>
      </dl>
    </details>
  );
}
