import type { TSchema } from 'typebox';

type Fill = (value: any) => void;

/** The parts of JSON Schema in which defaults are looked for. */
interface Node {
  readonly type?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
}

/** Code that fills a schema's defaults; undefined when it declares none, so that nothing is walked in vain. */
export function compileDefaults(schema: TSchema): Fill | undefined {
  const { type, properties, items } = schema as Node;
  if (type === 'object' && properties !== undefined) return objectDefaults(properties);
  if (type === 'array' && items !== undefined) return arrayDefaults(items);
  return undefined;
}

function objectDefaults(properties: Readonly<Record<string, TSchema>>): Fill | undefined {
  const values: [string, unknown][] = [];
  const nested: [string, Fill][] = [];
  for (const [name, schema] of Object.entries(properties)) {
    const value = (schema as Node).default;
    if (value !== undefined) values.push([name, value]);
    const fill = compileDefaults(schema);
    if (fill !== undefined) nested.push([name, fill]);
  }
  if (values.length + nested.length === 0) return undefined;
  return (object) => {
    if (typeof object !== 'object' || object === null) return;
    for (const [name, value] of values) if (object[name] === undefined) object[name] = copied(value);
    for (const [name, fill] of nested) fill(object[name]);
  };
}

function arrayDefaults(items: TSchema): Fill | undefined {
  const fill = compileDefaults(items);
  if (fill === undefined) return undefined;
  return (array) => {
    if (Array.isArray(array)) for (const item of array) fill(item);
  };
}

function copied(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? structuredClone(value) : value;
}
