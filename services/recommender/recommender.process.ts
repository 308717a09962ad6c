import { startHost } from 'relearn';
import recommender from './main.ts';
import { teller } from './teller.fixture.ts';

/** A process of its own that tests start and kill. It tells its parent where it listens. */
const host = await startHost({ services: [recommender, teller()] });
process.send?.(host.url);
