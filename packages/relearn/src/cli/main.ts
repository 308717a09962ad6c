import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Project } from './project.ts';
import { runCli } from './run-cli.ts';

/** Runs the command line of the project in the working directory. */
export async function main(args: readonly string[]): Promise<void> {
  const code = await runCli(args, { project: await loadProject(resolve('relearn.config.ts')) });
  process.exitCode = code;
}

async function loadProject(path: string): Promise<Project | undefined> {
  if (!existsSync(path)) return undefined;
  const { default: project } = (await import(pathToFileURL(path).href)) as { default?: Project };
  if (project?.services === undefined) {
    throw new TypeError(`${path} has no project as its default export; export default project({ services: [ … ] }).`);
  }
  return project;
}
