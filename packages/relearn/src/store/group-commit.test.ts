import { expect, test } from 'vitest';
import { GroupCommit, type Run, type TransactionPort } from './group-commit.ts';

/** A port without a database: `before` is called first at each step, and may throw. */
function portThat(before: Partial<Record<keyof TransactionPort, () => void>>): TransactionPort {
  let open = false;
  const step =
    (name: keyof TransactionPort, opensTo = open) =>
    () => {
      before[name]?.();
      if (name !== 'rollbackToSavepoint') open = opensTo;
    };
  return {
    begin: step('begin', true),
    savepoint: step('savepoint', true),
    releaseSavepoint: step('releaseSavepoint', true),
    rollbackToSavepoint: step('rollbackToSavepoint'),
    commit: step('commit', false),
    rollback: step('rollback', false),
    get open() {
      return open;
    },
  };
}

function running<T>(run: () => T): () => Run<T> {
  return () => ({ run, storeMs: () => 0, end: () => undefined });
}

const throwing = (error: Error) => () => {
  throw error;
};

test.each(['begin', 'savepoint', 'commit'] as const)(
  'a %s that fails, and a rollback that fails after it, tell each work and let later ones run',
  async (step) => {
    const before = { [step]: throwing(new Error('broken')), rollback: throwing(new Error('cannot roll back')) };
    const commits = new GroupCommit(portThat(before), { onCommit: () => undefined });
    const outcomes = await Promise.allSettled([commits.submit(running(() => 1)), commits.submit(running(() => 2))]);
    expect(outcomes).toMatchObject(Array(2).fill({ status: 'rejected', reason: { name: 'StoreUnavailable' } }));
    expect(commits.fault).toBeDefined();
    for (const name of Object.keys(before)) Reflect.deleteProperty(before, name);
    expect(await commits.submit(running(() => 3))).toBe(3);
    expect(commits.fault).toBeUndefined();
    await commits.close();
  },
);

test('a savepoint that cannot be rolled back fails the group that holds it', async () => {
  const port = portThat({ rollbackToSavepoint: throwing(new Error('broken')) });
  const commits = new GroupCommit(port, { onCommit: () => undefined });
  const mindChanged = running(throwing(new Error('changed its mind')));
  const outcomes = await Promise.allSettled([commits.submit(running(() => 1)), commits.submit(mindChanged)]);
  const told = { status: 'rejected', reason: { name: 'StoreUnavailable', message: 'broken' } };
  expect(outcomes).toMatchObject([told, told]);
  await commits.close();
});

test('a group that a constraint refuses runs again one by one, in order', async () => {
  const constraint = Object.assign(new Error('FOREIGN KEY'), { code: 'SQLITE_CONSTRAINT_FOREIGNKEY' });
  let guilty = false;
  const port = portThat({
    commit: () => {
      if (guilty) throw constraint;
    },
    rollback: () => {
      guilty = false;
    },
  });
  const ran: string[] = [];
  const work = (name: string) =>
    running(() => {
      ran.push(name);
      guilty ||= name === 'guilty';
    });
  const commits = new GroupCommit(port, { onCommit: () => undefined });
  const outcomes = await Promise.allSettled(['a', 'guilty', 'b'].map((name) => commits.submit(work(name))));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(outcomes[1]).toMatchObject({ reason: constraint });
  expect(ran).toEqual(['a', 'guilty', 'b', 'a', 'guilty', 'b']);
  expect(commits.fault).toBeUndefined();
  await commits.close();
});
