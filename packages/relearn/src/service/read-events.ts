import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { clientProblems } from '../contract/framework-problems.ts';
import type { StreamItem } from '../contract/operation.ts';
import { ProblemError } from '../contract/problem.ts';

/** Server-sent events as they come. @throws ProblemError `client.unreachable` when the connection breaks; the last id tells where to go on. */
export async function* readEvents(
  body: AsyncIterable<Uint8Array>,
  read: (data: string) => unknown,
): AsyncGenerator<StreamItem> {
  const waiting: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => waiting.push(event) });
  const text = new TextDecoder();
  try {
    for await (const chunk of body) {
      parser.feed(text.decode(chunk, { stream: true }));
      for (const { id, data } of waiting.splice(0)) yield { ...(id !== undefined && { id }), data: read(data) };
    }
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError(clientProblems.unreachable, { detail: 'The stream broke off.', cause: error });
  }
}
