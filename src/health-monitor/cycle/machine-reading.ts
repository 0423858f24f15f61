import type { FileSystemSpace, PathsOf } from '../host/index.js';
import type { FileSystem } from '../machine/index.js';
import type { Container } from '../runtime/index.js';
import type { MonitorState } from '../step/index.js';

/** More paths are not asked about. */
const MOST_PATHS = 5_000;

/** Which folders matter, and whose root they begin at: the engine's, and the volumes of containers. Pure. */
export function pathsOf(
  { containers, engine }: Pick<MonitorState, 'containers' | 'engine'>,
  ownId: string | null,
): { readonly paths: readonly string[]; readonly root: PathsOf } {
  const root = isOneOf(containers, ownId) ? 'the-machine' : 'this-process';
  const volumes = [...containers.values()].flatMap(({ volumes: own = [] }) => own.map(({ path }) => path));
  const storage = storageOf(engine, root);
  const paths = new Set([...(storage === undefined ? [] : [storage]), ...volumes]);
  return { paths: [...paths].slice(0, MOST_PATHS), root };
}

/**
 * The file systems with who needs them. Pure.
 *
 * @param forecast in how many milliseconds one is full
 */
export const fileSystemsOf = (
  spaces: readonly FileSystemSpace[],
  { containers, records, engine }: Pick<MonitorState, 'containers' | 'records' | 'engine'>,
  root: PathsOf,
  forecast: (space: FileSystemSpace) => number | null,
): readonly FileSystem[] => {
  const storage = storageOf(engine, root);
  const shouldRun = ({ name }: Container): boolean => records.get(name)?.intent.wish.value === 'running';
  return spaces
    .map((space): FileSystem => {
      const on = new Set(space.paths);
      const readOnly = new Set(space.readOnlyPaths);
      const having = (which: (volume: NonNullable<Container['volumes']>[number]) => boolean) =>
        [...containers.values()].filter(({ volumes = [] }) => volumes.some(which));
      return {
        mount: space.mount,
        sizeBytes: space.sizeBytes,
        freeBytes: space.freeBytes,
        freeFilesShare: space.freeFilesShare,
        ofEngine: storage !== undefined && on.has(storage),
        containers: namesOf(having(({ path }) => on.has(path))),
        lockedOut: namesOf(
          having(({ path, isWritable }) => isWritable && readOnly.has(path)).filter(shouldRun),
        ),
        fullInMs: forecast(space),
      };
    })
    .toSorted((a, b) => (a.mount < b.mount ? -1 : 1));
};

/** In a container of the engine's, our own root lies in its storage, and the folder of that is out of sight. */
const storageOf = ({ info }: MonitorState['engine'], root: PathsOf): string | undefined =>
  info?.storageRoot !== undefined && root === 'the-machine' ? '/' : info?.storageRoot;

/** Whether we run in one of the containers that we watch: another engine's may contain this one. */
const isOneOf = (containers: MonitorState['containers'], ownId: string | null): boolean =>
  ownId !== null && [...containers.values()].some(({ id }) => id.startsWith(ownId));

const namesOf = (containers: readonly Container[]): readonly string[] =>
  containers.map(({ name }) => name).toSorted();
