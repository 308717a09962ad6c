import { listProducts, type SearchResult, search } from './api.ts';
import { CardSkeleton, ProductCard } from './product-card.tsx';
import { useAnswer } from './use-answer.ts';
import { useTitle } from './use-title.ts';

export function SearchPage({ query }: { readonly query: URLSearchParams }) {
  const words = query.get('q') ?? '';
  const category = query.get('category');
  const { value, error, pending } = useAnswer(`${query}`, (signal) => ask(words, category, signal));
  useTitle(words === '' ? (category ?? 'Search') : words);
  return (
    <section class="search" aria-busy={pending}>
      <div>
        <h1>{words === '' ? category : `“${value?.correctedQuery ?? words}”`}</h1>
        <p class="quiet" role="status">
          {value ? countText(value) : '\u00a0'}
          {value?.correctedQuery && ` Nothing matched “${words}” as typed.`}
        </p>
        {words !== '' && <Facets words={words} chosen={category} result={value} />}
      </div>
      {error !== undefined && <p class="trouble">{error}</p>}
      <h2 class="heard">Products</h2>
      {value?.products.length === 0 && <p class="empty">Nothing matches. Try fewer words, or another category.</p>}
      <ul class="cards">
        {value
          ? value.products.map((product) => (
              <li key={product.id}>
                <ProductCard product={product} />
              </li>
            ))
          : error === undefined &&
            Array.from({ length: 12 }, (_, place) => (
              <li key={place}>
                <CardSkeleton />
              </li>
            ))}
      </ul>
    </section>
  );
}

async function ask(words: string, category: string | null, signal: AbortSignal): Promise<SearchResult> {
  if (words !== '') {
    return search(new URLSearchParams({ q: words, limit: '48', ...(category && { category }) }), signal);
  }
  const products = category ? await listProducts(category, signal) : [];
  return { products, total: products.length, facets: { categories: [], tags: [] }, correctedQuery: null };
}

function countText({ total }: SearchResult): string {
  return total === 1 ? 'One product.' : `${total} products.`;
}

function Facets({ words, chosen, result }: { words: string; chosen: string | null; result: SearchResult | undefined }) {
  const link = (category?: string) => `/search?${new URLSearchParams({ q: words, ...(category && { category }) })}`;
  return (
    <nav class="shelves" aria-label="Narrow by category">
      {chosen && <a href={link()}>All categories</a>}
      {result?.facets.categories.slice(0, 10).map(({ value, count }) => (
        <a key={value} href={link(value)} aria-current={value === chosen ? 'true' : undefined}>
          {value} <small>{count}</small>
        </a>
      ))}
    </nav>
  );
}
