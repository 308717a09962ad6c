export type { BreakerOptions } from './breaker.ts';
export { ConfigurationInvalid, type Environment, readConfiguration } from './configuration.ts';
export { type Connection, type ConnectOptions, connect } from './connect.ts';
export { HomeInUse, type HomeOwner, homeOwner } from './home-lock.ts';
export type { Host, HostOptions } from './host.ts';
export type { Metrics } from './metrics.ts';
export type { CallContext, Consumer, HandlersOf, Service, ServiceContext, ServiceParts } from './service.ts';
export { consumer, service } from './service.ts';
export { startHost } from './start-host.ts';
