import { Injectable } from '@nestjs/common';
import type { ResolvedRuntime } from '../../common/options/index.js';
import type { ContainerRuntime } from './container-runtime.js';
import { createEngineRuntime } from './find-engine.js';

/**
 * Makes the engines of the options; also its injection token. A host app that brings engines of its own for other hosts
 * puts one in its place; that of the local host alone is replaced as {@link ContainerRuntime}.
 */
export abstract class RuntimeFactory {
  /**
   * Reaches nothing yet.
   *
   * @param host its name in `hosts` of the options, or `local`
   * @param knownContainerIds of the containers that were watched there before: by them, one of two engines is known again
   */
  abstract create(
    runtime: ResolvedRuntime,
    host: string,
    knownContainerIds: () => Promise<ReadonlySet<string>>,
  ): ContainerRuntime;
}

@Injectable()
export class BuiltInRuntimes extends RuntimeFactory {
  create(
    runtime: ResolvedRuntime,
    host: string,
    knownContainerIds: () => Promise<ReadonlySet<string>>,
  ): ContainerRuntime {
    return createEngineRuntime({ ...runtime, host }, knownContainerIds);
  }
}
