import { expect, test } from 'vitest';
import { identifyTasks } from './identify-tasks.ts';

const days = Array.from({ length: 40 }, (_, day) => day);

test('who, what and when carry a ranking', () => {
  const rows = days.map((day) => ({
    user_id: `u${day % 7}`,
    item_id: `i${day % 11}`,
    at: `2026-01-${String((day % 28) + 1).padStart(2, '0')}`,
  }));
  const [first] = identifyTasks(rows).tasks;
  expect(first).toMatchObject({ task: 'ranking', columns: { user: 'user_id', item: 'item_id', time: 'at' } });
});

test('sentences and labels carry a text classification', () => {
  const rows = days.map((day) => ({ text: `where is parcel number ${day}`, category: day % 2 ? 'delivery' : 'other' }));
  expect(identifyTasks(rows).tasks[0]).toMatchObject({
    task: 'text classification',
    columns: { text: 'text', label: 'category' },
  });
});

test('numbers alone carry a regression, and nothing carries nothing', () => {
  const rows = days.map((day) => ({ rooms: String(day % 5), area: String(day * 3), price: String(day * 1000.5) }));
  expect(identifyTasks(rows).tasks.map(({ task, columns }) => [task, columns.target])).toEqual([
    ['tabular regression', 'price'],
  ]);
  expect(identifyTasks([]).tasks).toEqual([]);
});
