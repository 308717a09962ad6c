import { setTimeout as sleep } from 'node:timers/promises';
import { openNatsBus } from './nats-bus.ts';

/** A process of its own that is a member of a group until it is killed or told to leave, and tells its parent of each message it has handled. */
const [url, group] = process.argv.slice(2);
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const bus = await openNatsBus({ url: url!, log });
await bus.subscribe({
  type: 'thing.changed.v1',
  group: group!,
  async handle({ key, payload }) {
    await sleep(Math.random() * 4);
    process.send!({ key, ...(payload as { turn: number }) });
  },
});
process.send!('ready');
process.once('message', () => void bus.close().then(() => process.disconnect()));
