import { MOST_READ_BYTES, withJson, type Received } from './expected.js';

export interface HttpQuestion {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type HttpAnswer = Received & { readonly status: number };

/**
 * Asks once, on a connection of its own. No redirect is followed; of the body the first 64 kB are read.
 *
 * @throws what the connection fails with, or when `signal` is aborted
 */
export async function exchange({ url, ...question }: HttpQuestion, signal: AbortSignal): Promise<HttpAnswer> {
  // Loaded for the first question: an HTTP client takes megabytes, and most hosts have no such probe.
  const { Agent, request } = await import('undici');
  // What is in the way of an answer counts from the probe's own deadline on.
  const agent = new Agent({ pipelining: 0, connect: { timeout: 0 }, headersTimeout: 0, bodyTimeout: 0 });
  try {
    const { statusCode, body } = await request(url, { ...question, dispatcher: agent, signal });
    const text = await beginningOf(body);
    return withJson({ status: statusCode, text });
  } finally {
    await agent.destroy();
  }
}

async function beginningOf(body: AsyncIterable<Buffer>): Promise<string> {
  const read: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    read.push(chunk);
    bytes += chunk.length;
    if (bytes >= MOST_READ_BYTES) break;
  }
  return Buffer.concat(read).subarray(0, MOST_READ_BYTES).toString('utf8');
}
