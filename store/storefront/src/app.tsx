import { CartPage } from './cart-page.tsx';
import { Header } from './header.tsx';
import { HomePage } from './home-page.tsx';
import { Later } from './later.tsx';
import { notice } from './notice.ts';
import { ProductPage } from './product-page.tsx';
import { location } from './route.ts';
import { SearchPage } from './search-page.tsx';

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
          <a href="/orders">Your orders</a>{' '}
          <a href="/api/docs" target="_blank" rel="noreferrer">
            API
          </a>
        </p>
      </footer>
      <Notice />
    </>
  );
}

/** Pages that not every visit comes to are loaded when they are opened. */
const checkout = () => import('./checkout-page.tsx');
const order = () => import('./order-page.tsx');
const account = () => import('./account/account-pages.tsx');
const operator = () => import('./operator/operator-pages.tsx');

function Page() {
  const { path, query } = location.value;
  const product = /^\/product\/(.+)$/.exec(path)?.[1];
  if (product !== undefined) return <ProductPage id={decodeURIComponent(product)} />;
  const orderId = /^\/orders\/(.+)$/.exec(path)?.[1];
  if (orderId !== undefined) return <Later load={order} props={{ id: decodeURIComponent(orderId) }} />;
  if (path === '/') return <HomePage />;
  if (path === '/search') return <SearchPage query={query} />;
  if (path === '/cart') return <CartPage />;
  if (path === '/checkout') return <Later load={checkout} props={{}} />;
  if (/^\/(account|orders)(\/|$)/.test(path)) return <Later load={account} props={{ path }} />;
  if (/^\/operator(\/|$)/.test(path)) return <Later load={operator} props={{ path }} />;
  return <NoSuchPage />;
}

function NoSuchPage() {
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
