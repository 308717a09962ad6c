import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationInvalid } from '../service/index.ts';
import { failureOf } from './failure.ts';
import { terminalOutput } from './output.ts';
import type { Project } from './project.ts';
import { runCli } from './run-cli.ts';

/** Runs the command line of the project in the working directory. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    process.exitCode = await runCli(args, { project: await loadProject(resolve('relearn.config.ts')) });
  } catch (error) {
    const { sentence, exitCode } = failureOf(error);
    terminalOutput().remark(sentence);
    process.exitCode = exitCode;
  }
}

async function loadProject(path: string): Promise<Project | undefined> {
  if (!existsSync(path)) return undefined;
  const { default: project } = (await import(pathToFileURL(path).href)) as { default?: Project };
  if (project?.services !== undefined) return project;
  throw new ConfigurationInvalid([
    `${path} has no project as its default export; export default project({ services: [ … ] }).`,
  ]);
}
