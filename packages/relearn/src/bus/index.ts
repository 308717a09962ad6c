export type { Bus } from './bus.ts';
export { BusClosed, type InProcessBusOptions, inProcessBus } from './in-process-bus.ts';
