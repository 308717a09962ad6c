export type { Host, HostOptions } from './host.ts';
export type { Metrics } from './metrics.ts';
export type { CallContext, Consumer, HandlersOf, Service, ServiceContext, ServiceParts } from './service.ts';
export { consumer, service } from './service.ts';
