import type { Operation } from '../contract/operation.ts';

interface Parts {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** Path and query of an operation's request under `/api/<service>`. @throws TypeError when a path parameter is absent. */
export function requestPath(service: string, operation: Operation, { params = {}, query = {} }: Parts): string {
  const path = operation.path.replaceAll(/:([a-zA-Z][A-Za-z0-9]*)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined || value === '') throw new TypeError(`The path ${operation.path} needs ${name}.`);
    return encodeURIComponent(textOf(value));
  });
  const search = queryText(query);
  return search === '' ? `/api/${service}${path}` : `/api/${service}${path}?${search}`;
}

function queryText(query: Readonly<Record<string, unknown>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) search.append(name, textOf(one));
  }
  return search.toString();
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
