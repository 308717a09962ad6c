import { HostTokens } from './host-tokens.ts';
import { serviceSecret } from './service-secret.ts';

/**
 * What gives tokens with which whoever may read a home calls the process that owns it, as the service `cli`: `SERVICE_SECRET` where that is set, else the
 * home's own secret.
 */
export async function ownToken(
  home: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<() => Promise<string>> {
  const tokens = new HostTokens({ secret: await serviceSecret(home, env.SERVICE_SECRET), clock: Date.now });
  return () => tokens.ofService('cli');
}
