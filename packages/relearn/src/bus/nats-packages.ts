/** The packages that a process needs only when its events travel over NATS. */
export interface NatsPackages {
  readonly transport: typeof import('@nats-io/transport-node');
  readonly jetstream: typeof import('@nats-io/jetstream');
}

/** A package that is installed only where it is used. */
export class PackageMissing extends Error {
  override readonly name = 'PackageMissing';

  constructor(name: string, purpose: string, cause: unknown) {
    super(`${purpose} needs the package ${name}, which is not installed: npm install ${name}`, { cause });
  }
}

export async function loadNatsPackages(): Promise<NatsPackages> {
  const purpose = 'A bus over NATS (NATS_URL)';
  return {
    transport: await loaded('@nats-io/transport-node', purpose, () => import('@nats-io/transport-node')),
    jetstream: await loaded('@nats-io/jetstream', purpose, () => import('@nats-io/jetstream')),
  };
}

/** @throws PackageMissing when Node finds no such package. */
export async function loaded<Module>(name: string, purpose: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    throw isMissing && error.message.includes(`'${name}'`) ? new PackageMissing(name, purpose, error) : error;
  }
}
