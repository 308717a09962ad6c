import { afterAll, beforeAll, describe } from 'vitest';
import { busSuite } from './bus-suite.ts';
import { openNatsBus } from './nats-bus.ts';
import { type NatsServer, noNatsServer, startNatsServer } from './nats-server.fixture.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
let streams = 0;

describe.skipIf(noNatsServer)(`With a NATS server${noNatsServer ? ` (skipped: ${noNatsServer})` : ''}`, () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNatsServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const open = (stream = `events-${++streams}`) =>
    openNatsBus({ url: server.url, log, stream, backoffMs: 1, backoffMsMax: 4 });

  busSuite('NATS JetStream', open);
});
