import { Inject, Injectable, Optional, type OnApplicationShutdown } from '@nestjs/common';
import type { Agent, Dispatcher } from 'undici';
import { Clock, ServerTimes } from '../common/clock/index.js';
import { EgressRules, HEALTH_MONITOR_OPTIONS, type ResolvedOptions } from '../common/options/index.js';
import { readable } from '../common/text/index.js';
import { failureSentence } from './failure-sentence.js';
import type { OutgoingRequest } from './outgoing-request.js';
import { redirectSentence } from './redirect-sentence.js';
import { parseRetryAfter } from './retry-schedule.js';
import { withoutUrlSecrets } from './url-secrets.js';

/** The whole of an attempt, from resolving the name to the answer's last byte. */
const DEADLINE_MS = 15_000;
/** No more of an answer is read. */
const MOST_READ_BYTES = 16_384;
const MOST_QUOTED_CHARACTERS = 200;
/** So long may the rest of a good answer take, for the sake of a connection that can be used again. */
const REST_OF_ANSWER_MS = 1_000;

/** What came of an attempt. */
export interface Answer {
  /** `null`: none. */
  readonly status: number | null;
  /** `null`: delivered, that is any 2xx. */
  readonly error: string | null;
  /** How long the endpoint asks us to wait; `null` when it does not. */
  readonly retryAfterMs: number | null;
  readonly durationMs: number;
}

/** Sends one request and reports what came of it. Follows no redirect, and never rejects. */
@Injectable()
export class WebhookSender implements OnApplicationShutdown {
  readonly rules: EgressRules;
  private agent: Promise<Agent> | null = null;

  constructor(
    private readonly clock: Clock,
    @Inject(HEALTH_MONITOR_OPTIONS) options: Pick<ResolvedOptions, 'webhooks'>,
    @Optional() private readonly times?: ServerTimes,
  ) {
    this.rules = new EgressRules(options.webhooks);
  }

  /** Only now: what is on its way when the shutdown begins may still end. */
  async onApplicationShutdown(): Promise<void> {
    await (await this.agent)?.destroy();
  }

  /** `cancelled` ends it early; what comes of that is no attempt. */
  async send(outgoing: OutgoingRequest, cancelled?: AbortSignal): Promise<Answer> {
    const started = this.clock.monotonic();
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    const signal = cancelled ? AbortSignal.any([deadline, cancelled]) : deadline;
    const answer = await this.exchange(outgoing, signal).catch((error: unknown) => ({
      status: null,
      error: deadline.aborted
        ? `It took longer than ${DEADLINE_MS / 1_000} s.`
        : quoted(failureSentence(error), outgoing.url),
      retryAfterMs: null,
    }));
    return { ...answer, durationMs: Math.round(this.clock.monotonic() - started) };
  }

  private async exchange(
    { url, headers, body }: OutgoingRequest,
    signal: AbortSignal,
  ): Promise<Omit<Answer, 'durationMs'>> {
    const agent = await this.client();
    const { origin, pathname, search } = new URL(url);
    const path = pathname + search;
    const response = await agent.request({ origin, path, method: 'POST', headers, body, signal });
    this.noteTime(origin, response.headers);
    const status = response.statusCode;
    if (status >= 200 && status < 300) {
      await discard(response.body, signal);
      return { status, error: null, retryAfterMs: null };
    }
    const [retryAfter] = [response.headers['retry-after']].flat();
    const retryAfterMs = parseRetryAfter(retryAfter, this.clock.now());
    const quote = await firstWords(response.body, url);
    const [location] = [response.headers.location].flat();
    const error =
      redirectSentence(status, location, url) ?? `It answered ${status}${quote === '' ? '' : `: ${quote}`}`;
    return { status, error, retryAfterMs };
  }

  /** What stood in a cache on the way tells no time. */
  private noteTime(server: string, { date, age }: Dispatcher.ResponseData['headers']): void {
    if (typeof date === 'string' && age === undefined) this.times?.note(server, date);
  }

  /** Loaded for the first message: an HTTP client takes megabytes, and most hosts have no endpoint. */
  private client(): Promise<Agent> {
    this.agent ??= import('./guarded-agent.js').then(({ guardedAgent }) => guardedAgent(this.rules));
    return this.agent;
  }
}

/** Waited for, so that a receiver whose answers do not end has no more connections than attempts. */
async function discard(body: Dispatcher.ResponseData['body'], signal: AbortSignal): Promise<void> {
  body.on('error', () => undefined);
  const timer = setTimeout(() => body.destroy(), REST_OF_ANSWER_MS);
  await body.dump({ limit: MOST_READ_BYTES, signal }).catch(() => undefined);
  clearTimeout(timer);
}

/** The beginning of a failed answer's body, for the person who wants to know why: on one line, without secrets. */
async function firstWords(body: AsyncIterable<Buffer>, url: string): Promise<string> {
  const read: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      read.push(chunk);
      bytes += chunk.length;
      if (bytes >= MOST_QUOTED_CHARACTERS) break;
    }
  } catch {
    // It was cut off: what came until then is quoted.
  }
  return quoted(Buffer.concat(read).toString('utf8'), url);
}

/** Another server's words, without what it repeats of our address. */
function quoted(text: string, url: string): string {
  return readable(withoutUrlSecrets(text, url).replaceAll(/\s+/g, ' ').trim(), MOST_QUOTED_CHARACTERS);
}
