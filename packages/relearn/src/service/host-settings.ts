import { Type as t } from 'typebox';
import { ConfigurationInvalid, type Environment, readConfiguration } from './configuration.ts';
import { type HostConfiguration, hostConfiguration, urlVariable } from './host-configuration.ts';
import type { Service } from './service.ts';

/** Everything a process reads from its environment. */
export interface HostSettings {
  readonly host: HostConfiguration;
  /** Each service's own configuration, by its name. */
  readonly configs: ReadonlyMap<string, unknown>;
  /** Where the services run that are used here but run elsewhere, by name. */
  readonly urls: ReadonlyMap<string, string>;
}

/** @throws ConfigurationInvalid with the faults of the process and of all services at once. */
export function readSettings(services: readonly Service[], env: Environment): HostSettings {
  const faults: string[] = [];
  const read = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof ConfigurationInvalid)) throw error;
      faults.push(...error.faults);
      return undefined;
    }
  };
  const host = read(() => readConfiguration(hostConfiguration, env));
  const configs = new Map<string, unknown>();
  for (const { contract, configuration } of services) {
    configs.set(contract.name, configuration === undefined ? {} : read(() => readConfiguration(configuration, env)));
  }
  const urls = read(() => readUrls(services, env));
  if (host === undefined || urls === undefined || faults.length > 0) throw new ConfigurationInvalid(faults);
  return { host, configs, urls };
}

function readUrls(services: readonly Service[], env: Environment): ReadonlyMap<string, string> {
  const here = new Set(services.map((service) => service.contract.name));
  const used = services.flatMap((service) => Object.values(service.uses ?? {}).map((contract) => contract.name));
  const elsewhere = [...new Set(used)].filter((name) => !here.has(name));
  const url = (name: string) =>
    t.String({ pattern: '^https?://[^/]+$', description: `where ${name} runs: http://host:8080` });
  const schema = t.Object(Object.fromEntries(elsewhere.map((name) => [urlVariable(name), url(name)])));
  const values = readConfiguration(schema, env) as Record<string, string>;
  return new Map(elsewhere.map((name) => [name, values[urlVariable(name)]!]));
}
