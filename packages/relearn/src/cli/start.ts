import { once } from 'node:events';
import { startHost } from '../service/index.ts';
import { command } from './command.ts';
import { loadServices } from './load-services.ts';
import type { Project } from './project.ts';

/** `relearn start`: runs until it is stopped. Takes options of the project's own, which are handed to its `start`. */
export function startCommand(
  project: Project,
  { home, ownFlags }: { home: string; ownFlags: Record<string, string | boolean> },
) {
  return command({
    name: 'start',
    summary: 'Run the project, or some of its services, until stopped',
    usage: '[SERVICE…]',
    async run({ positionals, out }) {
      await project.prepare?.({ home, services: positionals });
      const services = await loadServices(project, positionals);
      const hasPages = positionals.length === 0 || positionals.includes(project.pagesBeside ?? '');
      const host = await startHost({ services, home, ...(hasPages && project.pages && { pages: project.pages }) });
      const names = services.map((service) => String(service.contract.name));
      out.remark(`Listening on ${host.url} (${names.join(', ')}). Everything is kept in ${home}.`);
      try {
        const stop = await project.start?.({ host, url: host.url, home, services: names, flags: ownFlags });
        if (stop !== undefined) closeFirst(stop);
      } catch (error) {
        await host.close();
        throw error;
      }
      await once(process, 'exit');
    },
  });
}

/** The host closes on the first signal; the project's own work ends with it. */
function closeFirst(stop: () => Promise<void> | void): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.prependOnceListener(signal, () => void stop());
}
