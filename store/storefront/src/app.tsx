import { BasketPage } from './basket-page.tsx';
import { Header } from './header.tsx';
import { HomePage } from './home-page.tsx';
import { ProductPage } from './product-page.tsx';
import { location } from './route.ts';
import { SearchPage } from './search-page.tsx';
import { notice } from './state.ts';

export function App() {
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Header />
      <main id="main" tabIndex={-1}>
        <Page />
      </main>
      <footer>
        <p>A made-up shop that learns from what you do in it.</p>
        <p>
          <a href="/api/recommender/docs" target="_blank" rel="noreferrer">
            Recommender API
          </a>{' '}
          <a href="/api/catalog/docs" target="_blank" rel="noreferrer">
            Catalog API
          </a>
        </p>
      </footer>
      <Notice />
    </>
  );
}

function Page() {
  const { path, query } = location.value;
  const product = /^\/product\/(.+)$/.exec(path)?.[1];
  if (product !== undefined) return <ProductPage id={decodeURIComponent(product)} />;
  if (path === '/search') return <SearchPage query={query} />;
  if (path === '/basket') return <BasketPage />;
  if (path === '/') return <HomePage />;
  return (
    <section class="empty">
      <h1>Nothing on this shelf</h1>
      <p>
        There is no such page. <a href="/">Back to the shop</a>
      </p>
    </section>
  );
}

/** What was just done, for the eye and for screen readers. */
function Notice() {
  return (
    <div class="notices" role="status">
      {notice.value !== '' && (
        <p class="notice" key={notice.value} onAnimationEnd={() => (notice.value = '')}>
          {notice.value}
        </p>
      )}
    </div>
  );
}
