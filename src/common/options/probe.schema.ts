import {
  Expect,
  ExpectMilliseconds,
  ExpectSection,
  ExpectSectionOrList,
  ExpectText,
  ExpectWhole,
  isInheritedName,
  isListOf,
  isRecord,
  isText,
  isWhole,
  Require,
} from './expectation.decorators.js';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
/** Longer than that no answer is waited for. */
export const MOST_PROBE_TIMEOUT_MS = 10 * 60_000;

/** `result.blocks.0.height` */
const JSON_PATH = /^[^.\s]+(?:\.[^.\s]+){0,19}$/;

class ExpectedAnswerSchema {
  @Expect('a list of HTTP status codes', (value) => isListOf(value, (code) => isWhole(code, 100, 599), 1))
  status?: unknown;

  @Expect('a list of exit codes', (value) => isListOf(value, (code) => isWhole(code, 0, 255), 1))
  exit?: unknown;

  @ExpectText('words of up to 1000 characters')
  text?: unknown;

  @ExpectText('a sentence of up to 300 characters', 300)
  words?: unknown;

  @Expect(
    "values by their paths, such as { 'result.initialblockdownload': false }",
    (value) =>
      isRecord(value) && Object.entries(value).every(([path, one]) => isJsonPath(path) && isPlain(one)),
  )
  json?: unknown;
}

class CredentialsSchema {
  @Expect<CredentialsSchema>(
    'the path of a file, and no env beside it',
    (value, { env }) => isText(value) && env === undefined,
  )
  file?: unknown;

  @Expect('the name of a variable of this process', (value) => isText(value) && /^\w{1,200}$/.test(value))
  env?: unknown;
}

export const ExpectCredentials = (): PropertyDecorator =>
  ExpectSection(CredentialsSchema, undefined, '{ file } or { env }');

class ProgressSchema {
  @Require("a path such as 'result.blocks'", isJsonPath)
  at?: unknown;

  @Expect(
    "a number above 0, or a path such as 'result.headers'",
    (value) => isJsonPath(value) || (typeof value === 'number' && Number.isFinite(value) && value > 0),
  )
  of?: unknown;
}

const AN_ADDRESS = 'an http or https address without a user name or password in it';

/** A probe of a container, as it is checked. What must stand together is in probe-problems.ts. */
export class ProbeSchema {
  @Expect(`${AN_ADDRESS}, or ':PORT/PATH'`, isHttpTarget)
  http?: unknown;

  @Expect("'HOST:PORT', or ':PORT' of the container", isTcpTarget)
  tcp?: unknown;

  @Expect(
    'a text of up to 1000 characters',
    (value) => typeof value === 'string' && /^.{1,1000}$/s.test(value),
  )
  send?: unknown;

  @Expect(
    "a command and its arguments, each a text of its own, such as ['pg_isready', '-q']",
    (value) =>
      isListOf(value, (part) => typeof part === 'string' && !part.includes('\0'), 1) &&
      isText((value as unknown[])[0]),
  )
  exec?: unknown;

  @Expect(`${AN_ADDRESS}, or ':PORT/PATH'`, isHttpTarget)
  rpc?: unknown;

  @ExpectText("the name of a method, such as 'getblockchaininfo'", 200)
  method?: unknown;

  @Expect('a list of what JSON can say', (value) => Array.isArray(value) && isJson(value))
  params?: unknown;

  @ExpectSectionOrList(ExpectedAnswerSchema)
  expect?: unknown;

  @ExpectSectionOrList(ExpectedAnswerSchema)
  notYet?: unknown;

  @ExpectSectionOrList(ExpectedAnswerSchema)
  needsYou?: unknown;

  @ExpectSection(ProgressSchema, (value) => (typeof value === 'string' ? { at: value } : value))
  progress?: unknown;

  @ExpectCredentials()
  credentials?: unknown;

  @ExpectMilliseconds(100, DAY)
  everyMs?: unknown;

  @ExpectMilliseconds(10, MOST_PROBE_TIMEOUT_MS)
  timeoutMs?: unknown;

  @ExpectWhole(1, 1_000)
  failureThreshold?: unknown;

  @ExpectWhole(1, 1_000)
  successThreshold?: unknown;

  @ExpectMilliseconds(0, 30 * DAY)
  startMs?: unknown;

  @ExpectMilliseconds(10, 30 * DAY)
  notYetForMs?: unknown;
}

/** An external, as it is checked. What must stand together, and that its address is a whole one, is in external-problems.ts. */
export class ExternalSchema extends ProbeSchema {
  @Expect(AN_ADDRESS, isHttpTarget)
  declare http?: unknown;

  @Expect("'HOST:PORT'", isTcpTarget)
  declare tcp?: unknown;

  @Expect(AN_ADDRESS, isHttpTarget)
  declare rpc?: unknown;

  @Expect(
    'a name of up to 100 characters on one line',
    (value) => isText(value) && value.length <= 100 && !/\p{Cc}/u.test(value),
  )
  name?: unknown;
}

/** What a text says of a probe's place: `:8080/health`, or the whole address. */
export function isHttpTarget(value: unknown): boolean {
  if (!isText(value) || /[\s\p{Cc}]/u.test(value)) return false;
  const whole = value.startsWith(':') ? `http://localhost${value}` : value;
  if (!/^https?:\/\//.test(whole) || !URL.canParse(whole)) return false;
  const { username, password, port } = new URL(whole);
  return username === '' && password === '' && port !== '0';
}

export function isTcpTarget(value: unknown): boolean {
  const [, host, port] =
    typeof value === 'string' ? (/^(\[[\da-fA-F:.]+\]|[\w.-]*):(\d{1,5})$/.exec(value) ?? []) : [];
  return host !== undefined && isWhole(Number(port), 1, 65_535);
}

function isJsonPath(value: unknown): boolean {
  return isText(value) && JSON_PATH.test(value) && !value.split('.').some(isInheritedName);
}

function isJson(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
}
