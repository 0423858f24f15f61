import { isText } from '../../common/shape/index.js';
import type { MonitorStore } from '../cycle/index.js';

/** The ids of the containers that were watched on a host before: by them, an engine is known again. */
export const knownContainerIds = async (store: Pick<MonitorStore, 'entries'>): Promise<ReadonlySet<string>> =>
  new Set((await store.entries('container')).flatMap(([, { id }]) => (isText(id) ? [id] : [])));
