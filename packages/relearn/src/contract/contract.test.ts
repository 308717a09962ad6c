import { Type as t } from 'typebox';
import { describe, expect, it } from 'vitest';
import { contract } from './contract.ts';
import { event } from './event.ts';
import { type Operation, operation } from './operation.ts';
import { problem } from './problem.ts';

const get = (fields: Partial<Operation> = {}): Operation =>
  operation({
    method: 'GET',
    path: '/things',
    summary: 'List',
    access: 'public',
    idempotency: 'safe',
    reply: t.Object({}),
    ...fields,
  });

const declare = (fields: Record<string, unknown>) =>
  contract({
    name: 'shop',
    title: 'Shop',
    description: 'Sells.',
    version: '1.0.0',
    operations: { list: get() },
    ...fields,
  });

const gone = (code: string) => problem({ code, status: 404, title: 'Gone.' });
const fact = (type: string) => event({ type, summary: 'It changed', payload: t.Object({}), key: () => '' });

describe('contract', () => {
  it('takes a sound contract as it is', () => {
    const made = declare({
      operations: {
        list: get({ errors: [gone('shop.thing-gone')] }),
        read: get({ path: '/things/:id', params: t.Object({ id: t.String() }) }),
      },
      events: { changed: fact('thing.changed.v1') },
    });
    expect(Object.keys(made.operations)).toEqual(['list', 'read']);
    expect(Object.isFrozen(made)).toBe(true);
  });

  it.each([
    ['a name in capitals', { name: 'Shop' }, 'Shop'],
    ['a version that is none', { version: '1' }, '1.0.0'],
    ['a path without a slash', { operations: { list: get({ path: 'things' }) } }, 'things'],
    ['an operation name with a dash', { operations: { 'list-all': get() } }, 'list-all'],
    ['a body on GET', { operations: { list: get({ body: t.Object({}) }) } }, 'GET takes no body'],
    ['a status that is not good', { operations: { list: get({ status: 404 }) } }, '404'],
    ['a path parameter that is not declared', { operations: { read: get({ path: '/things/:id' }) } }, '(id)'],
    [
      'a declared parameter that is not in the path',
      { operations: { list: get({ params: t.Object({ id: t.String() }) }) } },
      '(id)',
    ],
    [
      'two operations at one place',
      {
        operations: {
          one: get({ path: '/a/:x', params: t.Object({ x: t.String() }) }),
          two: get({ path: '/a/:y', params: t.Object({ y: t.String() }) }),
        },
      },
      'GET /a/:',
    ],
    ['a code without its service', { operations: { list: get({ errors: [gone('gone')] }) } }, 'gone'],
    [
      'two errors of one code',
      { operations: { list: get({ errors: [gone('shop.gone'), gone('shop.gone')] }) } },
      'shop.gone',
    ],
    ['an event without a version', { events: { changed: fact('thing.changed') } }, 'thing.changed'],
    ['two events of one type', { events: { a: fact('a.done.v1'), b: fact('a.done.v1') } }, 'a.done.v1'],
  ])('refuses %s', (_what, fields, named) => {
    expect(() => declare(fields)).toThrow(TypeError);
    expect(() => declare(fields)).toThrow(named);
  });
});
