import { type Static, Type as t } from 'typebox';

/** Variables of the process, whatever services it runs. */
export const hostConfiguration = t.Object({
  PORT: t.Integer({ minimum: 0, maximum: 65535, default: 8080, description: 'port to listen on; 0 takes a free one' }),
  HOST: t.String({ minLength: 1, default: '127.0.0.1', description: 'address to listen on' }),
  RELEARN_HOME: t.String({ minLength: 1, default: '.relearn', description: 'folder that keeps everything' }),
  SERVICE_SECRET: t.Optional(
    t.String({
      minLength: 32,
      description:
        'what tokens between services are signed with, the same in all processes; one of the home’s own when it is not set',
      secret: true,
    }),
  ),
  IDENTITY_URL: t.Optional(
    t.String({
      pattern: '^https?://[^/]+$',
      description:
        'http://host:8080, where users run whose tokens are taken here; needed where they run in another process',
    }),
  ),
  TRUSTED_PROXIES: t.Optional(
    t.String({
      pattern: '^[0-9a-fA-F:./, ]+$',
      description: 'addresses of proxies whose X-Forwarded-For is believed: 10.0.0.0/8, 127.0.0.1',
    }),
  ),
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
