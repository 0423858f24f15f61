import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Agent, Dispatcher } from 'undici';
import { Clock } from '../common/clock/index.js';
import { HEALTH_MONITOR_OPTIONS, type ResolvedOptions } from '../common/options/index.js';
import { EgressRules } from './egress-rules.js';
import { parseRetryAfter } from './retry-schedule.js';

/** The whole of an attempt, from resolving the name to the answer's last byte. */
export const DEADLINE_MS = 15_000;
/** Of an answer, no more is read. */
const MOST_READ_BYTES = 16_384;
const MOST_TOLD_CHARACTERS = 200;
/** So long may the rest of a good answer take, for the sake of a connection that can be used again. */
const REST_OF_ANSWER_MS = 1_000;

export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What came of an attempt. */
export interface Answer {
  /** `null`: none. */
  readonly status: number | null;
  /** `null`: delivered, that is any 2xx. */
  readonly error: string | null;
  /** How long the endpoint asks us to wait; 0 when it does not. */
  readonly retryAfterMs: number;
  readonly durationMs: number;
}

/** Sends one request and tells what came of it. Follows no redirect, and never rejects. */
@Injectable()
export class WebhookSender implements OnApplicationShutdown {
  readonly rules: EgressRules;
  private agent: Promise<Agent> | null = null;

  constructor(
    private readonly clock: Clock,
    @Inject(HEALTH_MONITOR_OPTIONS) options: Pick<ResolvedOptions, 'webhooks'>,
  ) {
    this.rules = new EgressRules(options.webhooks);
  }

  /** Only now: what is on its way when the shutdown begins may still end. */
  async onApplicationShutdown(): Promise<void> {
    await (await this.agent)?.destroy();
  }

  /** `cancelled` ends it early; what comes of that is no attempt. */
  async send({ url, headers, body }: OutgoingRequest, cancelled?: AbortSignal): Promise<Answer> {
    const started = this.clock.monotonic();
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    const signal = cancelled ? AbortSignal.any([deadline, cancelled]) : deadline;
    const ended = (answer: Omit<Answer, 'durationMs'>): Answer => ({
      ...answer,
      durationMs: Math.round(this.clock.monotonic() - started),
    });
    let status: number | null = null;
    try {
      const agent = await this.client();
      const { origin, pathname, search } = new URL(url);
      const path = pathname + search;
      const response = await agent.request({ origin, path, method: 'POST', headers, body, signal });
      status = response.statusCode;
      if (status >= 200 && status < 300) {
        await discard(response.body, signal);
        return ended({ status, error: null, retryAfterMs: 0 });
      }
      const retryAfter = response.headers['retry-after'];
      const retryAfterMs = parseRetryAfter(
        Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
        this.clock.now(),
      );
      const said = await firstWords(response.body);
      return ended({
        status,
        error: `It answered ${status}${said === '' ? '' : `: ${withoutSecrets(said, url)}`}`,
        retryAfterMs,
      });
    } catch (error) {
      const late = deadline.aborted ? `It took longer than ${DEADLINE_MS / 1_000} s.` : null;
      return ended({ status, error: late ?? withoutSecrets(sentenceFor(error), url), retryAfterMs: 0 });
    }
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

/** The beginning of a failed answer's body, for the person who looks why. */
async function firstWords(body: AsyncIterable<Buffer>): Promise<string> {
  const read: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      read.push(chunk);
      bytes += chunk.length;
      if (bytes >= MOST_TOLD_CHARACTERS) break;
    }
  } catch {
    // It was cut off: what came until then is told.
  }
  const text = Buffer.concat(read)
    .toString('utf8')
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
  return text.length > MOST_TOLD_CHARACTERS ? `${text.slice(0, MOST_TOLD_CHARACTERS)}…` : text;
}

const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there (connection refused).',
  ECONNRESET: 'It closed the connection before it answered.',
  EPIPE: 'It closed the connection before it answered.',
  UND_ERR_SOCKET: 'It closed the connection before it answered.',
  ENOTFOUND: 'Its name is not known.',
  EAI_AGAIN: 'Its name could not be resolved; the network or the name server may be down.',
  EHOSTUNREACH: 'It cannot be reached (no route to the host).',
  ENETUNREACH: 'It cannot be reached (no network).',
  ETIMEDOUT: 'It did not answer the connection.',
  UND_ERR_CONNECT_TIMEOUT: 'It did not answer the connection.',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'Its TLS certificate is self-signed. Add its authority with NODE_EXTRA_CA_CERTS.',
  SELF_SIGNED_CERT_IN_CHAIN:
    'Its TLS certificate is self-signed. Add its authority with NODE_EXTRA_CA_CERTS.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Its TLS certificate is from an authority that is not known here.',
  CERT_HAS_EXPIRED: 'Its TLS certificate has expired.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Its TLS certificate is for another name.',
};

function sentenceFor(error: unknown): string {
  const cause = rootOf(error);
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const known = SENTENCES[code];
  if (known !== undefined) return known;
  if (cause.name === 'HTTPParserError') return 'Its answer was not HTTP.';
  if (/ssl|tls/i.test(code) || code === 'EPROTO') return `TLS could not be agreed on (${code}).`;
  return cause.message;
}

/** With several addresses tried, the first failure of them. */
function rootOf(error: unknown): Error {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0];
  return error instanceof Error ? error : new Error(String(error));
}

/** Chat services put their secret into the path, and some repeat it in their answer, as it stands or decoded. */
function withoutSecrets(text: string, url: string): string {
  const { pathname, search } = new URL(url);
  return [...pathname.split('/'), ...search.split(/[?&=]/)]
    .flatMap((part) => [part, decoded(part), decoded(part.replaceAll('+', ' '))])
    .filter((part) => part.length >= 6)
    .sort((one, other) => other.length - one.length)
    .reduce((result, part) => result.replaceAll(part, '…'), text);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
