import { UnseenHost, type FileSystemSpace, type Host } from '../host/index.js';
import type { ContainerRuntime } from '../runtime/index.js';

/** A machine on which we do not run, as its engine tells of it: how much space its storage has, where it says so. */
export class EngineHost extends UnseenHost {
  constructor(
    private readonly engine: Pick<ContainerRuntime, 'info'>,
    ours: Host,
  ) {
    super(ours);
  }

  /** While the engine does not answer, of that something else tells. */
  override async space(): Promise<readonly FileSystemSpace[]> {
    const info = await this.engine.info().catch(() => null);
    if (info?.storageRoot === undefined || info.storageSpace === undefined) return [];
    const { storageRoot: mount, storageSpace } = info;
    return [{ mount, ...storageSpace, freeFilesShare: null, paths: [mount], readOnlyPaths: [] }];
  }
}
