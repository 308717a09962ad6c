import { render } from 'preact';
import { listPeople } from './api.ts';
import { App } from './app.tsx';
import { followLinks } from './route.ts';
import { guest, people, person } from './state.ts';
import './style.css';

/** Who shops is known before the first page is drawn, so that nothing has to move; the guest does not wait longer than this, ms. */
const WAIT_MS_MAX = 1_500;

const known = await listPeople(AbortSignal.timeout(WAIT_MS_MAX)).catch(() => []);
const last = localStorage.getItem('person');
people.value = [...known, guest];
person.value = people.value.find(({ userId }) => (userId ?? '') === last) ?? known[0] ?? guest;
person.subscribe(({ userId }) => localStorage.setItem('person', userId ?? ''));
followLinks();
render(<App />, document.getElementById('app')!);
