import { referenceOf } from '../../common/reference/index.js';
import type {
  ContainerDetailView,
  ContainerView,
  ExternalView,
  HealthStatus,
  Incident,
} from '../../common/events/index.js';
import { CliError, EXIT } from '../cli-error.js';
import { oneLine } from '../terminal/text.js';
import { failureOf, noMonitor, type Answer } from './answer.js';
import type { Settings } from './settings.js';
import { unreached } from './unreached.js';

/** Reading costs the app next to nothing. */
const READ_TIMEOUT_MS = 10_000;
const MOST_NAMES = 30;

export const ACTS = ['start', 'stop', 'restart', 'hold', 'release', 'retry'] as const;
export type ActName = (typeof ACTS)[number];

/** Asks the REST API of a running app. What keeps it from answering is thrown as a `CliError`. */
export class ApiClient {
  constructor(private readonly settings: Settings) {}

  async status(): Promise<HealthStatus> {
    const body = await this.read('status');
    // Many apps answer something at `status`.
    if (!isStatus(body)) throw noMonitor(this.settings.url);
    return body;
  }

  async containers(): Promise<readonly ContainerView[]> {
    const body = await this.read('containers');
    if (!Array.isArray(body)) throw noMonitor(this.settings.url);
    return body as ContainerView[];
  }

  /** Those of an app of an earlier version, which has none, are none. */
  async externals(): Promise<readonly ExternalView[]> {
    const answer = await this.ask('GET', 'externals');
    if (answer.status === 404) return [];
    const body = this.bodyOf(answer, false);
    if (!Array.isArray(body)) throw noMonitor(this.settings.url);
    return body as ExternalView[];
  }

  async openIncidents(): Promise<readonly Incident[]> {
    const body = await this.read('incidents?status=open');
    if (!Array.isArray(body)) throw noMonitor(this.settings.url);
    return body as Incident[];
  }

  /** A container, by its name or app id; else an external, by its id or name. Of both, upper and lower case are the same. */
  async containerOrExternal(name: string): Promise<ContainerDetailView | ExternalView> {
    const answer = await this.ask('GET', pathOf(name));
    if (answer.status !== 404) return this.bodyAbout(answer, false) as ContainerDetailView;
    const { containers, externals } = await this.known();
    const external = externalNamed(name, externals);
    if (external !== undefined) return external;
    const [container, ...others] = containers.filter(
      (one) => isSame(referenceOf(one), name) || isSame(one.appId, name),
    );
    // One of several would be a guess.
    if (container === undefined || others.length > 0) throw unknownOfBoth(name, containers, externals);
    return this.bodyAbout(
      await this.ask('GET', pathOf(referenceOf(container))),
      false,
    ) as ContainerDetailView;
  }

  /** Resolves when it is done, with the container as it then is: that can take minutes. */
  async act(name: string, act: ActName, body?: object): Promise<ContainerView> {
    const answer = await this.ask('POST', `${pathOf(name)}/${act}`, body).catch((error: unknown) => {
      throw isLate(error) ? stillAtIt(name, act) : error;
    });
    if (answer.status === 404) throw await this.noContainer(name);
    return this.bodyAbout(answer, true) as ContainerView;
  }

  private async read(path: string): Promise<unknown> {
    return this.bodyOf(await this.ask('GET', path), false);
  }

  private bodyOf(answer: Answer, isAct: boolean): unknown {
    const { url, token } = this.settings;
    const failure = failureOf(answer, { url, hasToken: token !== null, isAct });
    if (failure !== null) throw failure;
    return answer.body;
  }

  /** Where it is the whole monitor that is not there, this is refused, too. */
  private async known() {
    return { containers: await this.containers(), externals: await this.externals() };
  }

  private async noContainer(name: string): Promise<CliError> {
    const { containers, externals } = await this.known();
    const external = externalNamed(name, externals);
    if (external === undefined) return unknownName('container', name, containersIn(containers));
    return new CliError(`${oneLine(name)} is an external: only \`why\` knows those.`, EXIT.badUse);
  }

  private bodyAbout(answer: Answer, isAct: boolean): unknown {
    const body = this.bodyOf(answer, isAct);
    if (typeof (body as Partial<ContainerView> | null)?.decision !== 'object')
      throw noMonitor(this.settings.url);
    return body;
  }

  private async ask(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
    const { url, token } = this.settings;
    try {
      const response = await fetch(`${url}/${path}`, {
        method,
        redirect: 'manual',
        headers: {
          accept: 'application/json',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(method === 'GET' ? { signal: AbortSignal.timeout(READ_TIMEOUT_MS) } : {}),
      });
      const { status, headers } = response;
      return { status, location: headers.get('location'), body: parsed(await response.text()) };
    } catch (error) {
      if (isLate(error)) throw error;
      throw unreached(url, error);
    }
  }
}

const pathOf = (name: string): string => `containers/${encodeURIComponent(name)}`;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isStatus = (body: unknown): body is HealthStatus => {
  const { containers, engine } = (body ?? {}) as Partial<HealthStatus>;
  return typeof containers?.total === 'number' && typeof engine?.reachable === 'boolean';
};

/** Node waits five minutes for the first byte of an answer. */
const isLate = (error: unknown): boolean =>
  (error as { readonly cause?: { readonly code?: unknown } }).cause?.code === 'UND_ERR_HEADERS_TIMEOUT';

const stillAtIt = (name: string, act: ActName): CliError =>
  new CliError(
    `The ${act} of ${oneLine(name)} has taken five minutes and may still go on: ask \`health-monitor why\` how it ended.`,
    EXIT.refused,
  );

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const externalNamed = (name: string, externals: readonly ExternalView[]): ExternalView | undefined =>
  externals.find((one) => one.id === name || one.name === name) ??
  externals.find((one) => isSame(one.id, name) || isSame(one.name, name));

function unknownOfBoth(
  name: string,
  containers: readonly ContainerView[],
  externals: readonly ExternalView[],
): CliError {
  const called = ({ id, name: shown }: ExternalView) => (shown === id ? id : `${id} (${shown})`);
  return unknownName('container or external', name, [
    ...containersIn(containers),
    ...listOf('Externals', externals.map(called)),
  ]);
}

const unknownName = (what: string, name: string, known: readonly string[]): CliError =>
  new CliError(
    `There is no ${what} ${oneLine(name)}. ${known.join(' ') || 'There is none at all.'}`,
    EXIT.badUse,
  );

const containersIn = (containers: readonly ContainerView[]): readonly string[] =>
  listOf('Containers', containers.map(referenceOf));

function listOf(what: string, all: readonly string[]): readonly string[] {
  if (all.length === 0) return [];
  const names = all.map((name) => oneLine(name)).sort();
  return [`${what}: ${names.slice(0, MOST_NAMES).join(', ')}${names.length > MOST_NAMES ? ', …' : ''}.`];
}
