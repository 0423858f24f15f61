import type { ResolvedOptions } from '../../common/options/index.js';
import type { ProbedHealth } from '../runtime/index.js';
import type { Blocker } from './surroundings.js';

/** What the questions to an external came to. Times are milliseconds since 1970. */
export interface ExternalAnswers extends ProbedHealth {
  /** Its latest answer was a failure, also where those are too few yet for it to be down. */
  readonly isFailing: boolean;
  /** When it last worked, as far as this process has asked; `null`: never. */
  readonly workedAt: number | null;
}

/** What is known of an external: something that is no container, that containers need, and that was asked. */
export interface ExternalRecord extends ExternalAnswers {
  readonly id: string;
  /** Since when it works again; `null`: it does not, or it has as long as anybody knows. */
  readonly backSince: number | null;
}

/** Those that were asked, by id. */
export type Externals = ReadonlyMap<string, ExternalRecord>;

/** What people call an external. */
export const externalName = ({ externals }: Pick<ResolvedOptions, 'externals'>, id: string): string =>
  (Object.hasOwn(externals, id) ? externals[id]?.name : undefined) ?? id;

/** What keeps a container from being started: the externals that it needs and that do not work. Of each list any one will do. Pure. */
export function externalBlockers(
  needs: readonly (readonly string[])[],
  externals: Externals,
  options: Pick<ResolvedOptions, 'externals'>,
): readonly Blocker[] {
  return needs.flatMap((anyOf): Blocker[] => {
    const [id] = anyOf;
    if (id === undefined || anyOf.some((one) => lackOfExternal(externals.get(one)) === null)) return [];
    return [{ name: id, shown: externalName(options, id), what: whatIsTheMatter(externals.get(id)) }];
  });
}

/** What an external lacks, to stand behind its name; `null`: it works. `undefined`: it was not asked yet. Pure. */
export const lackOfExternal = (external: ExternalRecord | undefined): string | null =>
  isWorking(external) ? null : whatIsTheMatter(external);

/** One failure is not enough to say that it is down, but too much to start anything upon it. */
const isWorking = (external: ExternalRecord | undefined): boolean =>
  external !== undefined && external.health === 'ok' && !external.isFailing;

function whatIsTheMatter(external: ExternalRecord | undefined): string {
  if (external === undefined) return 'has not answered yet';
  if (external.health === 'failed') return 'is down';
  return external.isFailing ? 'did not answer just now' : 'is not ready yet';
}

/** One that came back after that time. Pure. */
export function externalBack(
  needs: readonly (readonly string[])[],
  externals: Externals,
  options: Pick<ResolvedOptions, 'externals'>,
  after: number,
): { readonly name: string; readonly at: number } | undefined {
  return needs
    .flat()
    .map((id) => ({ name: externalName(options, id), at: externals.get(id)?.backSince ?? 0 }))
    .find(({ at }) => at > after);
}
