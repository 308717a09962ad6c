import { listCategories } from './api.ts';
import { demoAccounts, isSignedIn, session, shopperName } from './session.ts';
import { ShopperSwitch } from './shopper-switch.tsx';
import { SlateRow } from './slate-row.tsx';
import { useAnswer } from './use-answer.ts';

export function HomePage() {
  const about = demoAccounts.value.find(({ userId }) => userId === session.value.userId)?.about;
  return (
    <>
      <Categories />
      <section class="hello">
        <div>
          <h1>{isSignedIn() ? `Good to see you, ${shopperName.value}` : 'Welcome in'}</h1>
          <p>
            {about ??
              (isSignedIn() ? 'The shop learns with all that you do' : 'Nobody knows you yet: have a look around')}
            .
          </p>
        </div>
        <ShopperSwitch />
      </section>
      <SlateRow title="For you" surface="for-you" k={9} isFeature />
      <SlateRow title="Popular now" surface="popular" />
      {isSignedIn() && (
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
