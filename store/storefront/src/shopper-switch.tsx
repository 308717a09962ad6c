import { keyOf, people, person } from './state.ts';

/** Every shopper that can be played, side by side: the rows below change with the choice. */
export function ShopperSwitch() {
  return (
    <fieldset class="switch">
      <legend>See the shop as</legend>
      {people.value.map((one, place) => (
        <button
          key={keyOf(one)}
          type="button"
          aria-pressed={one === person.value}
          title={one.about}
          style={{ '--hue': (24 + place * 47) % 360 }}
          onClick={() => {
            person.value = one;
          }}
        >
          <b aria-hidden="true">{one.name.replace('Customer ', '').slice(0, 1)}</b>
          <span>{one.name.replace('Customer ', '')}</span>
        </button>
      ))}
    </fieldset>
  );
}
