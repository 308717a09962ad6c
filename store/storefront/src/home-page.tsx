import { listCategories } from './api.ts';
import { ShopperSwitch } from './shopper-switch.tsx';
import { SlateRow } from './slate-row.tsx';
import { person } from './state.ts';
import { useAnswer } from './use-answer.ts';

export function HomePage() {
  const { name, about, userId } = person.value;
  return (
    <>
      <Categories />
      <section class="hello">
        <div>
          <h1>{userId === undefined ? 'Welcome in' : `Good to see you, ${name}`}</h1>
          <p>{about}.</p>
        </div>
        <ShopperSwitch />
      </section>
      <SlateRow title="For you" surface="for-you" k={9} isFeature />
      <SlateRow title="Popular now" surface="popular" />
      {userId !== undefined && (
        <SlateRow title="Buy again" surface="buy-again" empty="What you buy more than once will wait for you here." />
      )}
    </>
  );
}

function Categories() {
  const { value } = useAnswer('categories', listCategories);
  return (
    <nav class="shelves" aria-label="Categories">
      {(value ?? []).slice(0, 14).map(({ value: category }) => (
        <a key={category} href={`/search?${new URLSearchParams({ category })}`}>
          {category}
        </a>
      ))}
    </nav>
  );
}
