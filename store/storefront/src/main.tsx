import { render } from 'preact';
import { listPeople } from './api.ts';
import { App } from './app.tsx';
import { followLinks } from './route.ts';
import { guest, people, person } from './state.ts';
import './style/index.css';

/** The shop opens for the guest alone when it is not known in this time who else there is, ms. */
const PEOPLE_TIMEOUT_MS = 2_000;

const known = await listPeople(AbortSignal.timeout(PEOPLE_TIMEOUT_MS)).catch(() => []);
people.value = [...known, guest];
const last = localStorage.getItem('person');
person.value = people.value.find(({ userId }) => (userId ?? '') === last) ?? known[0] ?? guest;
person.subscribe(({ userId }) => localStorage.setItem('person', userId ?? ''));

followLinks();
render(<App />, document.getElementById('app')!);
