import { listCategories } from './api.ts';
import { SlateRow } from './slate-row.tsx';
import { person } from './state.ts';
import { useAnswer } from './use-answer.ts';

export function HomePage() {
  const { name, about, userId } = person.value;
  return (
    <>
      <section class="hello">
        <h1>{userId === undefined ? 'Welcome in' : `Good to see you, ${name}`}</h1>
        <p>{about}.</p>
        <Categories />
      </section>
      <SlateRow title="For you" surface="for-you" k={12} />
      <SlateRow title="Popular now" surface="popular" k={6} />
      {userId !== undefined && (
        <SlateRow
          title="Buy again"
          surface="buy-again"
          k={6}
          empty="What you buy more than once will wait for you here."
        />
      )}
    </>
  );
}

function Categories() {
  const { value } = useAnswer('categories', listCategories);
  return (
    <nav class="categories" aria-label="Categories">
      {(value ?? []).slice(0, 14).map(({ value: category }) => (
        <a key={category} href={`/search?${new URLSearchParams({ category })}`}>
          {category}
        </a>
      ))}
    </nav>
  );
}
