import fc from 'fast-check';
import { Type as t } from 'typebox';
import { describe, expect, it } from 'vitest';
import { compileCheck } from './schema-check.ts';
import { compileTextCoercion } from './text-coercion.ts';

describe('compileCheck', () => {
  const schema = t.Object({
    name: t.String({ minLength: 2 }),
    count: t.Optional(t.Integer({ minimum: 0, default: 3 })),
    kind: t.Optional(t.Enum(['a', 'b'])),
    either: t.Optional(t.Union([t.String(), t.Null()])),
    rows: t.Optional(t.Array(t.Object({ id: t.String(), on: t.Optional(t.Boolean({ default: true })) }))),
  });
  const { accepts, faults, fillDefaults } = compileCheck(schema);

  it.each([
    [{}, 'body/name', 'is required'],
    [{ name: 'x' }, 'body/name', 'must not have fewer than 2 characters'],
    [{ name: 'xx', count: -1 }, 'body/count', 'must be >= 0'],
    [{ name: 'xx', count: Number.NaN }, 'body/count', 'must be integer'],
    [{ name: 'xx', kind: 'c' }, 'body/kind', 'must be one of a, b'],
    [{ name: 'xx', either: 4 }, 'body/either', 'must be string or must be null'],
    [{ name: 'xx', rows: [{ id: 'r' }, {}] }, 'body/rows/1/id', 'is required'],
    ['text', 'body', 'must be object'],
  ])('says of %j where it is wrong and what is taken', (value, field, takes) => {
    expect(accepts(value)).toBe(false);
    expect(faults(value, 'body')).toContainEqual({ field, takes });
  });

  it('fills defaults, nested ones too, and keeps what is given', () => {
    const value = { name: 'xx', rows: [{ id: 'r' }, { id: 's', on: false }] };
    fillDefaults?.(value);
    expect(value).toEqual({
      name: 'xx',
      count: 3,
      rows: [
        { id: 'r', on: true },
        { id: 's', on: false },
      ],
    });
  });

  it('walks nothing where no default is declared', () => {
    expect(compileCheck(t.Object({ name: t.String() })).fillDefaults).toBeUndefined();
  });

  it('never takes a number that JSON cannot carry', () => {
    const number = compileCheck(t.Number());
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      expect(number.accepts(value)).toBe(false);
  });
});

describe('compileTextCoercion', () => {
  const schema = t.Object({ limit: t.Number(), all: t.Boolean(), ids: t.Array(t.Integer()), q: t.String() });
  const coerce = compileTextCoercion(schema)!;

  it('gives back every number and boolean that a query string carries', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.array(fc.integer()),
        fc.string(),
        (limit, all, ids, q) => {
          const values: Record<string, unknown> = { limit: String(limit), all: String(all), ids: ids.map(String), q };
          coerce(values);
          expect(values).toEqual({ limit: Object.is(limit, -0) ? 0 : limit, all, ids, q });
        },
      ),
    );
  });

  it.each(['', ' 1', '0x10', '1,5', 'NaN', 'Infinity', 'yes'])('leaves %j as it is, for the check to name', (text) => {
    const values: Record<string, unknown> = { limit: text, all: text };
    coerce(values);
    expect(values).toEqual({ limit: text, all: text });
  });

  it('reads one value of a list as a list of one', () => {
    const values: Record<string, unknown> = { ids: '7' };
    coerce(values);
    expect(values).toEqual({ ids: [7] });
  });
});
