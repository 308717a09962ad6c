import { shelfService } from './shelf.fixture.ts';
import { startHost } from './start-host.ts';

/** A process of its own that tests start, stop and kill. It tells its parent where it listens. */
const host = await startHost({ services: [shelfService()] });
process.send?.(host.url);
