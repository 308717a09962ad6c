import { useEffect, useRef } from 'preact/hooks';
import { go, location } from './route.ts';
import { basketCount, keyOf, people, person } from './state.ts';

/** Time without a keystroke after which a search begins, ms. */
const TYPING_PAUSE_MS = 160;

export function Header() {
  return (
    <header>
      <a class="wordmark" href="/">
        Lantern <i>&amp;</i> Loom
      </a>
      <Search />
      <label class="shopper">
        <span>Shopping as</span>
        <select
          value={keyOf(person.value)}
          onChange={({ currentTarget }) => {
            person.value = people.value.find((one) => keyOf(one) === currentTarget.value) ?? person.value;
          }}
        >
          {people.value.map((one) => (
            <option key={keyOf(one)} value={keyOf(one)}>
              {one.name}
            </option>
          ))}
        </select>
      </label>
      <a
        class="to-basket"
        href="/basket"
        aria-label={`Basket, ${basketCount.value} ${basketCount.value === 1 ? 'item' : 'items'}`}
      >
        Basket <b>{basketCount.value}</b>
      </a>
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
