import type { TObject, TSchema } from 'typebox';

type Read = (text: unknown) => unknown;

/**
 * Code that turns the texts of a query string or a path into the types that the schema declares, in place. A text that is no
 * number or boolean stays as it is, so that the check names the field.
 */
export function compileTextCoercion(schema: TObject): ((values: Record<string, unknown>) => void) | undefined {
  const reads = Object.entries(schema.properties).flatMap(([name, property]): [string, Read][] => {
    const read = readerOf(property);
    return read === undefined ? [] : [[name, read]];
  });
  if (reads.length === 0) return undefined;
  return (values) => {
    for (const [name, read] of reads) {
      const text = values[name];
      if (text !== undefined) values[name] = read(text);
    }
  };
}

function readerOf(schema: TSchema): Read | undefined {
  const { type, items } = schema as { type?: string; items?: TSchema };
  if (type === 'integer' || type === 'number') return readNumber;
  if (type === 'boolean') return readBoolean;
  if (type === 'array') return readArray(items === undefined ? undefined : readerOf(items));
  return undefined;
}

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

const readNumber: Read = (text) => (typeof text === 'string' && NUMBER.test(text) ? Number(text) : text);

const readBoolean: Read = (text) => (text === 'true' ? true : text === 'false' ? false : text);

function readArray(readItem: Read | undefined): Read {
  return (text) => {
    const items = Array.isArray(text) ? text : [text];
    return readItem === undefined ? items : items.map(readItem);
  };
}
