import { useEffect, useRef } from 'preact/hooks';
import { cartCount } from './cart.ts';
import { go, location } from './route.ts';
import { isSignedIn, session, shopperName } from './session.ts';

/** Time without a keystroke after which a search begins, ms. */
const TYPING_PAUSE_MS = 160;

export function Header() {
  return (
    <header>
      <a class="wordmark" href="/">
        Lantern <i>&amp;</i> Loom
      </a>
      <Search />
      <nav class="mine" aria-label="You">
        {session.value.kind === 'operator' && <a href="/operator/orders">Run the shop</a>}
        <a href={isSignedIn() ? '/account' : '/account/sign-in'}>
          {isSignedIn() ? shopperName.value || 'Account' : 'Sign in'}
        </a>
        <a
          class="to-cart"
          href="/cart"
          aria-label={`Cart, ${cartCount.value} ${cartCount.value === 1 ? 'item' : 'items'}`}
        >
          Cart <b>{cartCount.value}</b>
        </a>
      </nav>
    </header>
  );
}

function Search() {
  const { path, query } = location.value;
  const words = path === '/search' ? (query.get('q') ?? '') : '';
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef(0);
  useEffect(() => {
    if (input.current && document.activeElement !== input.current) input.current.value = words;
  }, [words]);
  const search = (q: string) => {
    clearTimeout(timer.current);
    if (q.trim() !== '') go(`/search?${new URLSearchParams({ q })}`, { replace: path === '/search' });
  };
  return (
    <search>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          search(input.current?.value ?? '');
        }}
      >
        <input
          ref={input}
          type="search"
          name="q"
          aria-label="Search the shop"
          placeholder="Search the shop"
          autoComplete="off"
          onInput={({ currentTarget }) => {
            clearTimeout(timer.current);
            timer.current = window.setTimeout(() => search(currentTarget.value), TYPING_PAUSE_MS);
          }}
        />
      </form>
    </search>
  );
}
