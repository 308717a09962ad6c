export type { Bus } from './bus.ts';
export { inProcessBus } from './in-process-bus.ts';
export { openNatsBus } from './nats-bus.ts';
