import { notice } from './notice.ts';
import { demoAccounts, isSignedIn, session, signIn, signOut } from './session.ts';

/** Every demo shopper, side by side: the rows below change with the choice. Nothing where the shop has none. */
export function ShopperSwitch() {
  if (demoAccounts.value.length === 0) return null;
  const become = (work: Promise<void>) =>
    void work.catch((error: Error) => {
      notice.value = error.message;
    });
  return (
    <fieldset class="switch">
      <legend>See the shop as</legend>
      {demoAccounts.value.map(({ userId, name, about, email, password }, place) => (
        <Choice
          key={email}
          name={name}
          about={about}
          place={place}
          isChosen={userId !== undefined && userId === session.value.userId}
          onChoose={() => become(signIn(email, password))}
        />
      ))}
      <Choice
        name="Guest"
        about="Nobody knows you yet"
        place={demoAccounts.value.length}
        isChosen={!isSignedIn()}
        onChoose={() => isSignedIn() && become(signOut())}
      />
    </fieldset>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly about: string;
  readonly place: number;
  readonly isChosen: boolean;
  onChoose(): void;
}

function Choice({ name, about, place, isChosen, onChoose }: ChoiceProps) {
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      title={about}
      style={{ '--hue': (24 + place * 47) % 360 }}
      onClick={onChoose}
    >
      <b aria-hidden="true">{name.slice(0, 1)}</b>
      <span>{name}</span>
    </button>
  );
}
