import type { Host } from '../service/host.ts';
import type { Service } from '../service/service.ts';
import type { AnyCommand } from './command.ts';

/** What a project is made of; the default export of `relearn.config.ts`. Modules are loaded only by the commands that need them. */
export interface Project {
  /** Each loads a module whose default export is a service. */
  readonly services: readonly (() => Promise<{ readonly default: Service<any, any, any> }>)[];
  /** URL prefix to folder of static pages. */
  readonly pages?: Readonly<Record<string, string>>;
  /** The service whose process serves the pages when not all services run in one. */
  readonly pagesBeside?: string;
  readonly commands?: readonly AnyCommand[];
  /** Runs before `relearn start` does anything else: builds pages, say. Gets the home and the names of services asked for. */
  prepare?(starting: { readonly home: string; readonly services: readonly string[] }): Promise<void> | void;
  /** Runs once `relearn start` listens; what it returns is called before the host closes. */
  start?(started: Started): Promise<StopWork | undefined> | StopWork | undefined;
}

type StopWork = () => Promise<void> | void;

/** What {@link Project.start} is given. */
export interface Started {
  readonly host: Host;
  readonly url: string;
  /** Folder that keeps everything. */
  readonly home: string;
  /** Names of the services that run in this process. */
  readonly services: readonly string[];
  /** Options of `relearn start` that the command line does not know itself: `--import FILE`. */
  readonly flags: Readonly<Record<string, string | boolean>>;
}

export function project(declared: Project): Project {
  return declared;
}
