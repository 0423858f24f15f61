import { calledOn, namesHost, parseReference } from '../../common/reference/index.js';
import { TIERS, type RuleOrigin, type Tier } from '../../common/events/index.js';
import {
  MOST_PROBE_TIMEOUT_MS,
  type ContainerRules,
  type DependencyCondition,
  type Probe,
  type ResolvedOptions,
} from '../../common/options/index.js';
import type { Preset } from '../presets/index.js';
import type { Container } from '../runtime/index.js';
import { isOutlived } from './readiness.js';
import { isNoProbe, probeFromLabel, resolvedProbes } from './probe-rules.js';
import type { DependencyRule, Rules } from './rules.js';
import { appIdOf } from './words.js';

const LABEL = 'health-monitor.';
const DEPENDS_ON = `${LABEL}depends-on`;
const COMPOSE_DEPENDS_ON = 'com.docker.compose.depends_on';
/** Labels by which something is decided; the rest is never looked at. */
const READ_LABELS = /^(health-monitor\.|(com\.docker|io\.podman)\.compose\.|PODMAN_SYSTEMD_UNIT$)/;

/** Whether anything is decided by a label of this name. */
export const isReadLabel = (name: string): boolean => READ_LABELS.test(name);

/** Docker's Compose and podman-compose put their labels on all that they make. */
export const isOfCompose = (label: string): boolean => /^(com\.docker|io\.podman)\.compose\./.test(label);

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,199}$/;
/** Also of a container of another host. */
const REFERENCE = /^([a-zA-Z0-9][\w.-]{0,62}\/)?[a-zA-Z0-9][a-zA-Z0-9_.-]{0,199}$/;
const MOST_NAMES = 50;
/** Bitcoin and databases may take minutes to close their files; a shorter stop is a kill. */
const DATA_SAFE_STOP_MS = 300_000;

/** `docker compose run` makes these; Compose itself writes `True`. */
export const isOneOff = ({ labels }: Pick<Container, 'labels'>): boolean =>
  labels['com.docker.compose.oneoff']?.toLowerCase() === 'true';

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

const oneOf =
  <T extends string>(...values: readonly T[]) =>
  (text: string): T | undefined =>
    values.find((value) => value === text);

const YES_OR_NO: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

const LABEL_READERS = {
  ignore: (text: string) => YES_OR_NO.get(text),
  job: (text: string) => YES_OR_NO.get(text),
  tier: oneOf(...TIERS),
  unhealthy: oneOf('restart', 'notify', 'ignore'),
  on: oneOf('auto', 'failure', 'any-exit'),
  'stop-timeout': seconds,
  probe: probeFromLabel,
  'probe-every': positiveSeconds,
  'probe-timeout': probeTimeout,
  'probe-start': seconds,
} as const;

function seconds(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) ? Number(text) * 1_000 : undefined;
}

function probeTimeout(text: string): number | undefined {
  const ms = positiveSeconds(text);
  return ms !== undefined && ms <= MOST_PROBE_TIMEOUT_MS ? ms : undefined;
}

function positiveSeconds(text: string): number | undefined {
  return seconds(text) || undefined;
}

/**
 * The rules for one container: config wins over its labels, these over the preset, the preset over the defaults.
 * A label that cannot be understood is left out and named in `problems`. Pure; `nameOf` gives the names of other
 * containers by their ids.
 */
export function effectiveRules(
  container: Container,
  options: ResolvedOptions,
  preset: Preset,
  nameOf: (id: string) => string | undefined,
): Rules {
  const appId = appIdOf(container.name);
  const config: ContainerRules =
    own(options.containers, container.name) ?? own(options.containers, appId) ?? {};
  const origin: Record<string, RuleOrigin> = {};
  const problems: string[] = [];

  function label<K extends keyof typeof LABEL_READERS>(
    key: K,
  ): ReturnType<(typeof LABEL_READERS)[K]> | undefined {
    const text = container.labels[LABEL + key];
    if (text === undefined) return undefined;
    const value = LABEL_READERS[key](text.trim());
    if (value === undefined)
      problems.push(`The label ${LABEL}${key} has a value that is not understood; it is left out.`);
    return value as ReturnType<(typeof LABEL_READERS)[K]> | undefined;
  }

  function first<T>(rule: string, ...candidates: readonly (readonly [RuleOrigin, T | undefined])[]): T {
    const [from, value] = candidates.find(([, candidate]) => candidate !== undefined) ?? [
      'default',
      undefined,
    ];
    origin[rule] = from;
    return value as T;
  }

  function labelledProbe(): Probe | readonly Probe[] | undefined {
    const probe = label('probe');
    if (probe === undefined || isNoProbe(probe)) return probe;
    const [everyMs, timeoutMs, startMs] = [
      label('probe-every'),
      label('probe-timeout'),
      label('probe-start'),
    ];
    return {
      ...probe,
      ...(everyMs === undefined ? {} : { everyMs }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(startMs === undefined ? {} : { startMs }),
    };
  }

  const dataSafe = preset.isDataSafe(appId);
  const { restart } = options;
  const attempted = first<number>(
    'maxAttempts',
    ['config', config.maxAttempts],
    ['default', restart.maxAttempts],
  );

  return {
    ignore: first<boolean>(
      'ignore',
      ['config', config.ignore],
      ['label', label('ignore')],
      ['default', false],
    ),
    job: first<boolean>(
      'job',
      ['config', config.job],
      ['label', label('job')],
      ['engine', isOneOff(container) ? true : undefined],
      ['default', false],
    ),
    backend: options.watch === 'apps' && preset.isBackend(appId),
    tier: first<Tier>(
      'tier',
      ['config', config.tier],
      ['label', label('tier')],
      ['preset', preset.tierOf(appId)],
      ['default', 'application'],
    ),
    dependsOn: dependencies(
      container,
      config,
      preset.dependenciesOf(appId),
      options,
      nameOf,
      origin,
      problems,
    ),
    on: first('on', ['config', config.on], ['label', label('on')], ['default', restart.on]),
    unhealthy: first(
      'unhealthy',
      ['config', config.unhealthy],
      ['label', label('unhealthy')],
      ['preset', dataSafe ? 'notify' : undefined],
      ['default', restart.unhealthy],
    ),
    unhealthyForMs: restart.unhealthyForMs,
    stopTimeoutMs: first(
      'stopTimeoutMs',
      ['config', config.stopTimeoutMs],
      ['label', label('stop-timeout')],
      ['preset', dataSafe ? Math.max(DATA_SAFE_STOP_MS, container.stopTimeoutMs) : undefined],
      ['engine', container.stopTimeoutMs],
    ),
    maxAttempts: attempted,
    backoffMs: first('backoffMs', ['config', config.backoffMs], ['default', restart.backoffMs]),
    stableAfterMs: restart.stableAfterMs,
    rearmAfterMs: restart.rearmAfterMs,
    engineGraceMs: restart.engineGraceMs,
    tierSettleMs: restart.tierSettleMs,
    adoptStopped: restart.adoptStopped,
    onLeak: first('onLeak', ['config', config.onLeak], ['default', 'notify']),
    leakRestartWindow: first(
      'leakRestartWindow',
      ['config', config.leakRestartWindow],
      ['default', '03:00-05:00'],
    ),
    probes: resolvedProbes(
      first<Probe | readonly Probe[]>(
        'probes',
        ['config', config.probe === false ? [] : config.probe],
        ['label', labelledProbe()],
        ['preset', presetProbes(preset, appId, config, problems)],
        ['default', []],
      ),
    ),
    origin,
    problems,
  };
}

/** `undefined`: it knows none. */
function presetProbes(
  preset: Preset,
  appId: string,
  { credentials, probe }: ContainerRules,
  problems: string[],
): readonly Probe[] | undefined {
  const known = preset.probesOf(appId, credentials ?? null);
  if (credentials !== undefined && probe === undefined && !known.some((one) => 'credentials' in one))
    problems.push('Its credentials are left out: the preset knows no probe of it that logs in.');
  return known.length === 0 ? undefined : known;
}

const plain = (name: string): DependencyRule => ({
  anyOf: [name],
  condition: 'healthy',
  restart: false,
  shares: [],
  composeProject: null,
  requiredByEngine: false,
  mustExist: true,
});

/** Config replaces what labels say; the preset counts only where neither says anything; what the engine requires is added always. */
function dependencies(
  container: Container,
  config: ContainerRules,
  preset: readonly (readonly string[])[],
  hosts: Hosts,
  nameOf: (id: string) => string | undefined,
  origin: Record<string, RuleOrigin>,
  problems: string[],
): readonly DependencyRule[] {
  const label = container.labels[DEPENDS_ON];
  const required = requiredByEngine(container, config.dependsOn, nameOf);
  const configured = fromConfig(config.dependsOn, hosts);
  const written =
    configured ?? (label === undefined ? undefined : namesInLabel(label, hosts, problems).map(plain));
  const compose = written ? [] : fromCompose(container.labels, problems);
  const known = preset.map((anyOf): DependencyRule => ({
    ...plain(''),
    anyOf,
    condition: 'started',
    mustExist: false,
  }));
  const labelled = label !== undefined || compose.length > 0;
  const origins: readonly (readonly [RuleOrigin, boolean])[] = [
    ['config', configured !== undefined],
    ['label', labelled],
    ['preset', known.length > 0],
    ['engine', required.length > 0],
  ];
  origin['dependsOn'] = origins.find(([, said]) => said)?.[0] ?? 'default';
  return [...(written ?? (compose.length > 0 ? compose : known)), ...required];
}

function requiredByEngine(
  { requires, sharesNamespaces = [] }: Container,
  dependsOn: ContainerRules['dependsOn'],
  nameOf: (id: string) => string | undefined,
): readonly DependencyRule[] {
  return requires.flatMap((id): DependencyRule[] => {
    const name = nameOf(id);
    if (name === undefined) return [];
    const shares = isRestartDeclined(name, dependsOn)
      ? []
      : sharesNamespaces.filter(({ of }) => of === id).flatMap(({ which }) => which.filter(isOutlived));
    const restart = shares.length > 0;
    return [{ ...plain(name), condition: 'started', requiredByEngine: true, restart, shares }];
  });
}

/** Only the configuration can: Compose writes `false` for whatever does not say `true`. */
const isRestartDeclined = (name: string, dependsOn: ContainerRules['dependsOn']): boolean =>
  dependsOn !== undefined &&
  !Array.isArray(dependsOn) &&
  Object.entries(dependsOn).some(
    ([written, { restart }]) => restart === false && appIdOf(written) === appIdOf(name),
  );

/** The host whose containers these are, and those beside it. */
type Hosts = Pick<ResolvedOptions, 'hosts' | 'ofHost'>;

function fromConfig(
  dependsOn: ContainerRules['dependsOn'],
  { ofHost = null }: Hosts,
): readonly DependencyRule[] | undefined {
  if (!dependsOn) return undefined;
  if (Array.isArray(dependsOn)) return dependsOn.map((name) => plain(calledOn(ofHost, name)));
  return Object.entries(dependsOn).map(([name, { condition, restart }]) => ({
    ...plain(calledOn(ofHost, name)),
    condition: condition ?? 'healthy',
    restart: restart ?? false,
  }));
}

const splitList = (text: string) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** Those of a host that is not watched are left out: nobody knows how they are. */
function namesInLabel(label: string, { hosts, ofHost = null }: Hosts, problems: string[]): readonly string[] {
  const isWatched = (name: string): boolean => {
    const { host } = parseReference(name);
    return host === null || Object.hasOwn(hosts, host);
  };
  const names = namesIn(DEPENDS_ON, splitList(label), REFERENCE, problems);
  const unknown = names.filter((name) => namesHost(name) && !isWatched(name));
  if (unknown.length > 0) {
    const known = Object.keys(hosts);
    const there = known.length === 0 ? 'none is configured' : `those there are: ${known.join(', ')}`;
    problems.push(
      `The label ${DEPENDS_ON} names ${unknown.join(', ')}, of a host that is not watched (${there}); that is left out.`,
    );
  }
  return names.filter((name) => !unknown.includes(name)).map((name) => calledOn(ofHost, name));
}

/** Of what a label lists, what can be the name of a container; anybody can write anything into a label. */
function namesIn(
  label: string,
  listed: readonly string[],
  pattern: RegExp,
  problems: string[],
): readonly string[] {
  const names = listed.filter((name) => pattern.test(name)).slice(0, MOST_NAMES);
  if (names.length < listed.length)
    problems.push(
      `The label ${label} lists more than ${MOST_NAMES} names, or what is no name; the rest is left out.`,
    );
  return names;
}

const COMPOSE_CONDITIONS: ReadonlyMap<string, DependencyCondition> = new Map([
  ['service_started', 'started'],
  ['service_healthy', 'healthy'],
  ['service_completed_successfully', 'completed'],
]);

/**
 * Docker Compose writes `service:condition:restart` entries, separated by commas, on each container
 * (https://github.com/docker/compose, `pkg/api/labels.go`: `com.docker.compose.depends_on`).
 */
function fromCompose(
  labels: Readonly<Record<string, string>>,
  problems: string[],
): readonly DependencyRule[] {
  const text = labels[COMPOSE_DEPENDS_ON];
  const project = labels['com.docker.compose.project'] ?? labels['io.podman.compose.project'];
  if (text === undefined || project === undefined) return [];
  const entries = new Map(splitList(text).map((entry) => [entry.split(':')[0]!, entry]));
  return namesIn(COMPOSE_DEPENDS_ON, [...entries.keys()], NAME, problems).map((service) => {
    const [, condition = '', restart] = entries.get(service)!.split(':');
    return {
      ...plain(service),
      condition: COMPOSE_CONDITIONS.get(condition) ?? 'started',
      restart: restart === 'true',
      composeProject: project,
    };
  });
}
