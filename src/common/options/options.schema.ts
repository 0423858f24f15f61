import ipaddr from 'ipaddr.js';
import { TIERS } from '../events/index.js';
import { LOCAL_HOST } from '../reference/index.js';
import {
  Expect,
  ExpectBoolean,
  ExpectMilliseconds,
  ExpectOneOf,
  ExpectSection,
  ExpectSectionByName,
  ExpectSectionByNameOrNames,
  ExpectSectionList,
  ExpectSectionOrFalse,
  ExpectSectionOrList,
  ExpectText,
  ExpectWhole,
  Require,
  isListOf,
  isRecord,
  isText,
  isWhole,
} from './expectation.decorators.js';
import { isPath } from './paths.js';
import { isPlainName, isPool, isPostgresUrl } from './postgres-place.js';
import { ExpectCredentials, ExternalSchema, ProbeSchema } from './probe.schema.js';
import { socketPathFrom } from './socket-path.js';
import { isSshDestination } from './ssh-destination.js';
import { tcpAddressFrom } from './tcp-address.js';
import { WEBHOOK_ID, isEventFilter, isWebhookSecret } from './webhook-endpoint.js';

/*
 * What a host may write, key by key. The shapes are those of options.ts; here are the bounds. Lower bounds are small
 * so that tests and demonstrations need not wait; upper bounds catch a unit taken for another.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const EXIT_RULES = ['auto', 'failure', 'any-exit'];
const UNHEALTHY_RULES = ['restart', 'notify', 'ignore'];

/** Pauses before the next attempt, one an attempt. When there are fewer than attempts, the last one repeats. */
const ExpectBackoff = (): PropertyDecorator =>
  Expect(`a list of 1 to 100 whole numbers of milliseconds from 0 to ${DAY}`, (value) =>
    isListOf(value, (pause) => isWhole(pause, 0, DAY), 1),
  );

const ExpectRanges = (): PropertyDecorator =>
  Expect('a list of address ranges such as 192.168.1.0/24 or fd00::/8 (one address: /32 or /128)', (value) =>
    isListOf(value, isAddressRange, 0),
  );

const ExpectFile = (what: string): PropertyDecorator =>
  Expect(`the path of ${what}`, (value) => isText(value) && !value.startsWith('~') && value.length <= 1_000);

class TlsSchema {
  @ExpectFile('a file with the certificates of authorities')
  ca?: unknown;

  @ExpectFile('a file with a certificate')
  cert?: unknown;

  @ExpectFile("a file with the certificate's key")
  key?: unknown;
}

class RuntimeSchema {
  @ExpectOneOf('auto', 'podman', 'podman-cli', 'docker')
  kind?: unknown;

  @Expect(
    "the path of the engine's socket, on this machine or with ssh on the other, such as '/run/podman/podman.sock', of up to 107 bytes",
    (value) => isText(value) && socketPathFrom(value) !== null,
  )
  socketPath?: unknown;

  @Expect("a command and its arguments, each a text of its own, such as ['sudo', 'podman']", isCommand)
  command?: unknown;

  @ExpectMilliseconds(10, HOUR)
  timeoutMs?: unknown;

  @Expect(
    "a name of your ssh config, 'admin@attic' or 'ssh://admin@attic:2222', of letters, digits, dots and dashes",
    (value) => isText(value) && isSshDestination(value),
  )
  ssh?: unknown;

  @ExpectFile('a config file of ssh')
  sshConfig?: unknown;

  @Expect(
    "an address such as 'https://nas:2376', without a path, user or password",
    (value) => isText(value) && tcpAddressFrom(value) !== null,
  )
  tcp?: unknown;

  @ExpectSection(TlsSchema)
  tls?: unknown;

  @ExpectBoolean()
  insecure?: unknown;
}

/** A host's name stands before a slash in references to its containers, and in addresses of REST. */
const HOST_NAME = /^[a-z\d][\w.-]{0,62}$/i;

class OtherHostSchema {
  @ExpectSection(RuntimeSchema)
  runtime?: unknown;

  @ExpectText('a name of up to 100 characters', 100)
  name?: unknown;
}

class CheckSchema {
  @ExpectMilliseconds(10, DAY)
  intervalMs?: unknown;

  @ExpectMilliseconds(0, DAY)
  startupDelayMs?: unknown;

  @ExpectBoolean()
  events?: unknown;
}

class RestartSchema {
  @ExpectWhole(1, 100)
  maxAttempts?: unknown;

  @ExpectBackoff()
  backoffMs?: unknown;

  @ExpectMilliseconds(10, 30 * DAY)
  stableAfterMs?: unknown;

  @ExpectMilliseconds(10, 30 * DAY)
  rearmAfterMs?: unknown;

  @ExpectBoolean()
  adoptStopped?: unknown;

  @ExpectMilliseconds(0, HOUR)
  tierSettleMs?: unknown;

  @ExpectWhole(1, 100)
  maxConcurrent?: unknown;

  @ExpectOneOf(...EXIT_RULES)
  on?: unknown;

  @ExpectOneOf(...UNHEALTHY_RULES)
  unhealthy?: unknown;

  @ExpectMilliseconds(0, DAY)
  unhealthyForMs?: unknown;

  @ExpectMilliseconds(0, HOUR)
  engineGraceMs?: unknown;
}

class MemorySchema {
  @ExpectMilliseconds(10, DAY)
  intervalMs?: unknown;

  // Both rules first speak at the 13th sample.
  @ExpectWhole(13, 100_000)
  windowSamples?: unknown;

  @ExpectOneOf('trend', 'growth', 'off')
  rule?: unknown;

  @Expect(
    'a number above 0 and up to 10000 (percent)',
    (value) => typeof value === 'number' && value > 0 && value <= 10_000,
  )
  growthPercent?: unknown;
}

const ExpectShare = (most: number): PropertyDecorator =>
  Expect(
    `a share, a number from 0 to ${most}`,
    (value) => typeof value === 'number' && value >= 0 && value <= most,
  );

class DiskSchema {
  @ExpectShare(0.9)
  freeShare?: unknown;

  @ExpectWhole(0, Number.MAX_SAFE_INTEGER, 'bytes')
  freeBytes?: unknown;

  @ExpectMilliseconds(0, 30 * DAY)
  foretellMs?: unknown;
}

/** The section `host`, where it is not `false`. */
class HostSchema {
  @ExpectMilliseconds(10, DAY)
  everyMs?: unknown;

  @ExpectSection(DiskSchema)
  disk?: unknown;

  @ExpectShare(1)
  memoryPressure?: unknown;

  @ExpectMilliseconds(0, DAY)
  clockOffMs?: unknown;
}

class RecordingSchema {
  @ExpectWhole(0, 100_000_000, 'bytes')
  keepBytes?: unknown;
}

class NotificationsSchema {
  @ExpectWhole(1, 10_000)
  keep?: unknown;
}

class WebhookEndpointSchema {
  @Require(
    'an id of 1 to 64 letters, digits, dots, dashes or underscores, the first no dot or dash',
    (value) => typeof value === 'string' && WEBHOOK_ID.test(value),
  )
  id!: unknown;

  @Require('an http or https URL without a user name or password in it', isWebhookUrl)
  url!: unknown;

  @Expect(
    "'whsec_' and 24 to 64 random bytes in base64: echo whsec_$(openssl rand -base64 32)",
    isWebhookSecret,
  )
  secret?: unknown;

  @Expect("a list of types of notification such as 'container.given_up' or 'container.*'", (value) =>
    isListOf(value, isEventFilter, 1),
  )
  events?: unknown;

  @ExpectOneOf('archipelago', 'slack', 'discord', 'ntfy')
  format?: unknown;
}

/** The section `webhooks`. */
export class WebhooksSchema {
  @ExpectSectionList(WebhookEndpointSchema)
  endpoints?: unknown;

  @ExpectOneOf('lan', 'public', 'strict')
  egress?: unknown;

  @ExpectRanges()
  allowCidrs?: unknown;

  @ExpectRanges()
  denyCidrs?: unknown;
}

const STORAGE_KINDS: readonly unknown[] = ['sqlite', 'memory', 'postgres'];

class StorageSchema {
  @Require("one of 'sqlite', 'memory', 'postgres'", (value) => STORAGE_KINDS.includes(value))
  kind!: unknown;

  @Expect<StorageSchema>(
    "the path of a file, and only where kind is 'sqlite'",
    (value, { kind }) => isFilePath(value) && kind === 'sqlite',
  )
  path?: unknown;

  @Expect<StorageSchema>(
    "postgresql://USER:PASSWORD@HOST:PORT/DATABASE, and only where kind is 'postgres'",
    (value, { kind }) => isPostgresUrl(value) && kind === 'postgres',
  )
  url?: unknown;

  @Expect<StorageSchema>(
    "a Pool of the package pg, and only where kind is 'postgres'",
    (value, { kind }) => isPool(value) && kind === 'postgres',
  )
  pool?: unknown;

  @Expect<StorageSchema>(
    "a plain name of up to 63 letters in lower case, digits and _, and only where kind is 'postgres'",
    (value, { kind }) => isPlainName(value) && kind === 'postgres',
  )
  schema?: unknown;

  @Expect<StorageSchema>(
    "the name of a container on this machine, and only where kind is 'postgres'",
    (value, { kind }) => isText(value) && !value.includes('/') && value.length <= 255 && kind === 'postgres',
  )
  container?: unknown;
}

class DependencySchema {
  @ExpectOneOf('started', 'healthy', 'completed')
  condition?: unknown;

  @ExpectBoolean()
  restart?: unknown;
}

class ContainerRulesSchema {
  @ExpectBoolean()
  ignore?: unknown;

  @ExpectBoolean()
  job?: unknown;

  @ExpectOneOf(...TIERS)
  tier?: unknown;

  @ExpectSectionByNameOrNames(DependencySchema)
  dependsOn?: unknown;

  @ExpectOneOf(...UNHEALTHY_RULES)
  unhealthy?: unknown;

  @ExpectMilliseconds(0, DAY)
  stopTimeoutMs?: unknown;

  @ExpectWhole(1, 100)
  maxAttempts?: unknown;

  @ExpectBackoff()
  backoffMs?: unknown;

  @ExpectOneOf(...EXIT_RULES)
  on?: unknown;

  @ExpectOneOf('notify', 'restart')
  onLeak?: unknown;

  @Expect("a time of day from and to, such as '03:00-05:00'", isDailyWindow)
  leakRestartWindow?: unknown;

  @ExpectSectionOrList(
    ProbeSchema,
    (value) => (value === false ? [] : value),
    "a probe, a list of them, or false; for example { http: ':80/health' }",
  )
  probe?: unknown;

  @ExpectCredentials()
  credentials?: unknown;
}

/** `HealthMonitorOptions`, as it is checked. */
export class OptionsSchema {
  @ExpectText('a name of up to 255 characters', 255)
  nodeId?: unknown;

  @ExpectOneOf('heal', 'observe')
  mode?: unknown;

  @ExpectOneOf('all', 'apps')
  watch?: unknown;

  @ExpectOneOf('archipelago', 'none')
  preset?: unknown;

  @ExpectSection(RuntimeSchema)
  runtime?: unknown;

  @ExpectSectionByName(OtherHostSchema, {
    expected: `names of up to 63 letters, digits, dots, dashes or underscores, the first a letter or digit, and not "local"`,
    is: (name) => HOST_NAME.test(name) && name !== LOCAL_HOST,
  })
  hosts?: unknown;

  @ExpectSection(CheckSchema)
  check?: unknown;

  @ExpectSection(RestartSchema)
  restart?: unknown;

  @ExpectSection(MemorySchema)
  memory?: unknown;

  @ExpectSectionOrFalse(HostSchema)
  host?: unknown;

  @ExpectSection(NotificationsSchema)
  notifications?: unknown;

  @ExpectSection(RecordingSchema)
  recording?: unknown;

  @ExpectSection(WebhooksSchema)
  webhooks?: unknown;

  @Expect("'open', or an object with a function authenticate(handshake)", isAccess)
  access?: unknown;

  @ExpectSection(StorageSchema)
  storage?: unknown;

  @ExpectSectionByName(ContainerRulesSchema)
  containers?: unknown;

  @ExpectSectionByName(ExternalSchema)
  externals?: unknown;
}

class HttpSchema {
  @Expect("a path such as 'health-monitor'", isPath)
  path?: unknown;
}

class SocketSchema {
  // The root namespace is the host's: our authentication must never be asked for it.
  @Expect("a namespace of its own, such as '/health-monitor'", isPath)
  namespace?: unknown;
}

class DashboardSchema {
  @Expect("a path such as 'health-monitor/dashboard'", isPath)
  path?: unknown;
}

class MetricsSchema {
  @ExpectOneOf('viewer', 'open')
  access?: unknown;
}

/** `HealthMonitorExtras`, as it is checked; what is `false` is taken out before. */
export class ExtrasSchema {
  @ExpectSection(HttpSchema)
  http?: unknown;

  @ExpectSection(SocketSchema)
  socket?: unknown;

  @ExpectSection(DashboardSchema)
  dashboard?: unknown;

  @ExpectSection(MetricsSchema)
  metrics?: unknown;

  @Expect('a list of class decorators', (value) => isListOf(value, (item) => typeof item === 'function', 0))
  decorators?: unknown;

  @Expect('a list of providers', (value) => Array.isArray(value) && Array.from(value).every(isProvider))
  overrides?: unknown;

  @ExpectBoolean()
  isGlobal?: unknown;
}

function isAddressRange(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  // The library also reads shortened and octal addresses, which people and tools read in different ways.
  return ipaddr.IPv6.isValidCIDR(value) || ipaddr.IPv4.isValidCIDRFourPartDecimal(value);
}

function isWebhookUrl(value: unknown): boolean {
  if (typeof value !== 'string' || /[\s\p{Cc}]/u.test(value) || !URL.canParse(value)) return false;
  const { protocol, username, password, port } = new URL(value);
  return (
    (protocol === 'https:' || protocol === 'http:') && username === '' && password === '' && port !== '0'
  );
}

/** A program's name with a space in it is a whole line that was meant for a shell; a path may have one. */
function isCommand(value: unknown): boolean {
  if (!isListOf(value, isText, 1)) return false;
  const [program] = value as [string];
  return !/\s/.test(program) || program.includes('/');
}

/** No folder, and no address: SQLite would take `:memory:` and `file:` in its own way. */
function isFilePath(value: unknown): boolean {
  return isText(value) && !/[/\\]$/.test(value) && !/^([a-z][a-z\d+.-]+)?:/i.test(value);
}

function isDailyWindow(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const [, from, to] = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)$/.exec(value) ?? [];
  return from !== undefined && from !== to;
}

function isProvider(value: unknown): boolean {
  return typeof value === 'function' || (isRecord(value) && value.provide !== undefined);
}

function isAccess(value: unknown): boolean {
  if (value === 'open') return true;
  return isRecord(value) && typeof value.authenticate === 'function';
}
