import type { Service } from '../service/service.ts';
import { UsageError } from './command.ts';
import type { Project } from './project.ts';
import { suggestion } from './suggestion.ts';

/** The services of a project, all or those named. @throws UsageError naming a service that is none. */
export async function loadServices(
  { services }: Project,
  names: readonly string[] = [],
): Promise<Service<any, any, any>[]> {
  const all = (await Promise.all(services.map((load) => load()))).map((module) => module.default);
  const known = all.map((service) => String(service.contract.name));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(
      `No service is called ${unknown}.${suggestion(unknown, known)} There are: ${known.join(', ')}.`,
    );
  }
  return names.length === 0 ? all : all.filter((service) => names.includes(service.contract.name));
}

/** Names of the services made with `aiService`. */
export async function aiServiceNames(project: Project): Promise<string[]> {
  const services = await loadServices(project);
  return services.filter((service) => 'definition' in service).map((service) => String(service.contract.name));
}
