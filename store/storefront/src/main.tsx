import { render } from 'preact';
import { listPeople } from './api.ts';
import { App } from './app.tsx';
import { followLinks } from './route.ts';
import { guest, people, person } from './state.ts';
import './style.css';

followLinks();
render(<App />, document.getElementById('app')!);

listPeople(new AbortController().signal).then(
  (known) => {
    people.value = [...known, guest];
    const last = localStorage.getItem('person');
    person.value = people.value.find(({ userId }) => userId === last) ?? known[0] ?? guest;
    person.subscribe(({ userId }) => localStorage.setItem('person', userId ?? ''));
  },
  () => undefined, // the guest can shop without knowing who else there is
);
