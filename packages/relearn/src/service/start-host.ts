import { ConfigurationInvalid } from './configuration.ts';
import type { Host, HostOptions } from './host.ts';
import { readSettings } from './host-settings.ts';
import { RunningHost } from './running-host.ts';

/**
 * Starts services: configuration, stores, migrations, clients, consumers, then the listener. While it listens, SIGTERM and SIGINT
 * close it and end the process.
 *
 * @throws ConfigurationInvalid when `env` was given; with the process's own environment a bad variable is printed and ends the
 *   process with exit code 78.
 * @throws HomeInUse when another process keeps its data in the same folder.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const settings = settingsOf(options);
  const host = new RunningHost(options, settings);
  try {
    await host.start();
  } catch (error) {
    await host.close();
    throw error;
  }
  return host;
}

function settingsOf({ services, env }: HostOptions) {
  try {
    return readSettings(services, env ?? process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationInvalid) || env !== undefined) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(error.exitCode);
  }
}
