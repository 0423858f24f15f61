import {
  isHttpTarget,
  isTcpTarget,
  type Probe,
  type ProbeTiming,
  type ResolvedProbe,
} from '../../common/options/index.js';

const USUAL: Required<ProbeTiming> = {
  everyMs: 30_000,
  timeoutMs: 5_000,
  failureThreshold: 3,
  successThreshold: 1,
  startMs: 0,
  notYetForMs: 30 * 60_000,
};

/** What was written of a container's probes, with the defaults filled in; one that has none has an empty list. */
export const resolvedProbes = (written: Probe | readonly Probe[]): readonly ResolvedProbe[] =>
  (Array.isArray(written) ? (written as readonly Probe[]) : [written as Probe]).map((probe) => ({
    ...USUAL,
    ...(Object.fromEntries(Object.entries(probe).filter(([, value]) => value !== undefined)) as Probe),
  }));

const NO_PROBE: readonly [] = [];

/** The label `none`: no probe at all, also none of the preset's. */
export const isNoProbe = (probe: Probe | readonly []): probe is readonly [] => probe === NO_PROBE;

/**
 * A probe as a label has it: `http :8080/health`, `tcp :5432`, `exec pg_isready -q`, or `none`. Only of the container's own ports:
 * whoever may make containers must not send this process anywhere else. No shell reads a command: one with quotes, which
 * would be cut in the middle of its words, is not understood. `undefined`: it cannot be understood.
 */
export function probeFromLabel(text: string): Probe | readonly [] | undefined {
  if (text.trim() === 'none') return NO_PROBE;
  const [kind, ...words] = text.trim().split(/\s+/);
  const [target] = words;
  if (target === undefined) return undefined;
  switch (kind) {
    case 'http':
      return words.length === 1 && /^:\d{1,5}(?:\/|$)/.test(target) && isHttpTarget(target)
        ? { http: target }
        : undefined;
    case 'tcp':
      return words.length === 1 && target.startsWith(':') && isTcpTarget(target)
        ? { tcp: target }
        : undefined;
    case 'exec':
      return /["'`\\\p{Cc}]/u.test(words.join('')) ? undefined : { exec: words };
    default:
      return undefined;
  }
}

/** What is asked, in a few words for people: where, not with what. */
export function probeInWords(probe: Probe): string {
  if ('http' in probe) return `http ${withoutQuery(probe.http)}`;
  if ('tcp' in probe) return `tcp ${probe.tcp}`;
  if ('exec' in probe) return `exec ${probe.exec[0] ?? ''}`;
  return `rpc ${probe.method} ${withoutQuery(probe.rpc)}`;
}

/** The same without what is sent with the question, which may hold secrets: parameters, arguments, a query, a login. */
export function probeWithoutSecrets(probe: Probe): Probe {
  if ('http' in probe) return { http: withoutQuery(probe.http) };
  if ('tcp' in probe) return { tcp: probe.tcp };
  if ('exec' in probe) return { exec: probe.exec.slice(0, 1) };
  return { rpc: withoutQuery(probe.rpc), method: probe.method };
}

const withoutQuery = (address: string): string => address.replace(/[?#].*$/, '');
