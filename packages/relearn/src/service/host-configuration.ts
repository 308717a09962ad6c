import { type Static, Type as t } from 'typebox';

/** Variables of the process, whatever services it runs. */
export const hostConfiguration = t.Object({
  PORT: t.Integer({ minimum: 0, maximum: 65535, default: 8080, description: 'port to listen on; 0 takes a free one' }),
  HOST: t.String({ minLength: 1, default: '127.0.0.1', description: 'address to listen on' }),
  RELEARN_HOME: t.String({ minLength: 1, default: '.relearn', description: 'folder that keeps everything' }),
  NATS_URL: t.Optional(
    t.String({
      pattern: '^(nats|tls)://[^/,\\s]+(,(nats|tls)://[^/,\\s]+)*$',
      description: 'nats://host:4222, where events travel between processes; they stay in this one when it is not set',
      secret: true,
    }),
  ),
  LOG_LEVEL: t.Enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], { default: 'info' }),
  REQUEST_TIMEOUT_MS: t.Integer({
    minimum: 1,
    maximum: 600_000,
    default: 30_000,
    description: 'longest time for an answer, ms; callers may set less',
  }),
  SHUTDOWN_TIMEOUT_MS: t.Integer({
    minimum: 0,
    maximum: 600_000,
    default: 10_000,
    description: 'longest wait for running requests when stopping, ms',
  }),
});

export type HostConfiguration = Static<typeof hostConfiguration>;

/** The variable that says where a service runs that is not in this process: `CATALOG_URL`. */
export function urlVariable(service: string): string {
  return `${service.toUpperCase().replaceAll('-', '_')}_URL`;
}
