import type { DependencyCondition } from '../../common/options/index.js';
import { lackOf, type Neighbour } from './dependencies.js';
import { lackOfExternal, type ExternalRecord } from './externals.js';
import type { ContainerRecord } from './record.js';
import type { Blocker } from './surroundings.js';
import { timeOfDay } from './words.js';

/** Something that a container needs of another host. */
export interface ElsewhereNeed {
  /** `HOST/NAME` as it is written, of the local host `local/NAME`, where that may be the id of an external. */
  readonly reference: string;
  readonly condition: DependencyCondition;
  /** Restart the dependent after this one ran anew. */
  readonly restart: boolean;
}

/** By condition what a dependency lacks, to stand behind its name; `null`: it is met. */
export type Lacks = Readonly<Record<DependencyCondition, string | null>>;

/** How a container, or an external, stands for those that depend on it from another host. Times are milliseconds since 1970. */
export interface Standing {
  /** Its name over there; `null`: there is none, or nobody knows. */
  readonly name: string | null;
  /** What people call it. Left out: its name. */
  readonly shown?: string;
  readonly lacks: Lacks;
  /** Its latest run: when it began by its engine's clock, which tells it from others, and by ours. `null`: none is known. */
  readonly run: { readonly startedAt: number; readonly since: number } | null;
  readonly readySince: number | null;
  /** Since when its host has not answered, so that all this is what was last seen; `null`: it answers. */
  readonly silentSince: number | null;
}

/** What is known of a container of another host that one of ours needs. */
export interface Elsewhere extends Standing {
  /** As it is written. */
  readonly reference: string;
  /** Those of ours that it needs itself: they do not wait for it. */
  readonly inCircleWith: readonly string[];
}

/** By reference. */
export type ElsewhereByReference = ReadonlyMap<string, Elsewhere>;

const CONDITIONS = ['started', 'healthy', 'completed'] as const satisfies readonly DependencyCondition[];

const lacksBy = (lack: (condition: DependencyCondition) => string | null): Lacks =>
  Object.fromEntries(CONDITIONS.map((condition) => [condition, lack(condition)])) as Record<
    DependencyCondition,
    string | null
  >;

const UNKNOWN: Omit<Standing, 'lacks'> = { name: null, run: null, readySince: null, silentSince: null };

/** There is none of that name: it is not waited for. */
export const NOT_THERE: Standing = { ...UNKNOWN, lacks: lacksBy(() => null) };

/** Nobody has looked at its host yet. `silentSince`: it does not answer; `null`: it was not asked. */
export const neverSeen = (silentSince: number | null): Standing => ({
  ...UNKNOWN,
  lacks: lacksBy(() =>
    silentSince === null ? 'has not been looked at yet' : 'is not known: its host has not answered yet',
  ),
  silentSince,
});

/** How one stands whose host answers. Pure. */
export const standingNow = (neighbour: Neighbour, now: number): Standing => ({
  ...remembered(neighbour.record),
  lacks: lacksBy((condition) => lackOf(condition, neighbour, now)),
  silentSince: null,
});

/** How one stood when its host last answered: that we do not reach it says nothing of those that need it. Pure. */
export function standingAsLastSeen(record: ContainerRecord, silentSince: number): Standing {
  const { up, death, absentSince } = record.life;
  const met: Readonly<Record<DependencyCondition, boolean>> = {
    started: up,
    healthy: up && record.health.readySince !== null,
    completed: !up && death?.exitCode === 0,
  };
  return {
    ...remembered(record),
    lacks: lacksBy((condition) =>
      absentSince === null && met[condition]
        ? null
        : `was not ready when last seen, and how it is now is not known: its host has not answered since ${timeOfDay(silentSince)}`,
    ),
    silentSince,
  };
}

/**
 * How an external stands, which is asked from the local host and may be needed on any other. There, as here, the condition makes
 * no difference. `external`: `undefined` while it was not asked yet. Pure.
 */
export const standingOfExternal = (
  id: string,
  shown: string,
  external: ExternalRecord | undefined,
): Standing => ({
  name: id,
  shown,
  run: null,
  readySince: external?.backSince ?? null,
  lacks: lacksBy(() => lackOfExternal(external)),
  silentSince: null,
});

const remembered = ({
  name,
  life: { run },
  health,
}: ContainerRecord): Pick<Standing, 'name' | 'run' | 'readySince'> => ({
  name,
  run: run === null || run.startedAt === null ? null : { startedAt: run.startedAt, since: run.since },
  readySince: health.readySince,
});

/** What a container needs of other hosts, with what is known of each; `undefined`: nothing yet. */
export interface KnownNeed extends ElsewhereNeed {
  /** With its name over there, as far as that is known. */
  readonly called: string;
  readonly seen: Elsewhere | undefined;
}

/** What a container of ours waits for on other hosts: not for what needs it itself. Pure. */
export function knownNeeds(
  name: string,
  needs: readonly ElsewhereNeed[],
  elsewhere: ElsewhereByReference,
): readonly KnownNeed[] {
  return needs.flatMap((need): KnownNeed[] => {
    const seen = elsewhere.get(need.reference);
    if (seen?.inCircleWith.includes(name)) return [];
    return [{ ...need, called: called(need.reference, seen?.name ?? null), seen }];
  });
}

const called = (reference: string, name: string | null): string =>
  name === null ? reference : reference.slice(0, reference.indexOf('/') + 1) + name;

/** What keeps a container from being started: what it needs of other hosts and is not ready. Pure. */
export const elsewhereBlockers = (needs: readonly KnownNeed[]): readonly Blocker[] =>
  needs.flatMap(({ called: name, condition, seen }): Blocker[] => {
    const what = (seen ?? neverSeen(null)).lacks[condition];
    return what === null ? [] : [{ name, ...(seen?.shown !== undefined && { shown: seen.shown }), what }];
  });

/** What is taken to be ready since it was when its host last answered. Pure. */
export const takenToBeReady = (needs: readonly KnownNeed[]): readonly UnseenDependency[] =>
  needs.flatMap(({ called: name, condition, seen }): UnseenDependency[] =>
    seen !== undefined && seen.silentSince !== null && seen.lacks[condition] === null
      ? [{ name, silentSince: seen.silentSince }]
      : [],
  );

/** A dependency on a host that does not answer, and since when that is so: milliseconds since 1970. */
export interface UnseenDependency {
  readonly name: string;
  readonly silentSince: number;
}

/** As a further sentence. */
export const assumptionInWords = ({ name, silentSince }: UnseenDependency): string =>
  `${name} is taken to be ready, as it was when last seen: its host has not answered since ${timeOfDay(silentSince)}.`;

/** One that came back after that time. Pure. */
export const elsewhereBack = (
  needs: readonly KnownNeed[],
  after: number,
): { readonly name: string; readonly at: number } | undefined =>
  needs.map(({ called: name, seen }) => ({ name, at: seen?.readySince ?? 0 })).find(({ at }) => at > after);
