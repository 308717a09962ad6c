import type { Contract, EdgeRequest } from 'relearn';

/** Knows the operations that anybody may call, whoever they are. */
export class OpenOperations {
  readonly #paths = new Map<string, RegExp[]>();

  constructor(contracts: readonly Contract[]) {
    for (const { name, operations } of contracts) {
      for (const { method, path, access } of Object.values(operations)) {
        if (access === 'public') this.#of(method).push(pathPattern(`/api/${name}${path}`));
      }
    }
  }

  has({ method, url }: Pick<EdgeRequest, 'method' | 'url'>): boolean {
    const [path] = url.split('?', 1);
    return this.#of(method === 'HEAD' ? 'GET' : method).some((pattern) => pattern.test(path!));
  }

  #of(method: string): RegExp[] {
    const patterns = this.#paths.get(method) ?? [];
    this.#paths.set(method, patterns);
    return patterns;
  }
}

function pathPattern(path: string): RegExp {
  const parts = path.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : part));
  return new RegExp(`^${parts.join('/')}$`);
}
