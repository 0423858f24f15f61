import { fieldsOf, isText, isTime, orNull } from '../../common/shape/index.js';
import { readIfFit, soundDocuments } from '../../common/store/index.js';
import { readIncident } from '../incidents/index.js';
import { isIntentUnknown, readRecord } from '../policy/index.js';
import { readable } from '../../common/text/index.js';
import type { MonitorStore } from './monitor-parts.js';
import { readView } from './served.js';
import type { FactOf, HostRecord } from '../step/index.js';

/** So much is shown of a name. */
const NAME = 100;

/**
 * What an earlier process, or another one, left in the store, also one of an earlier version.
 *
 * @param warn hears of documents that cannot be read: those are left out, or, of a container, begun anew
 */
export async function loadState(
  store: Pick<MonitorStore, 'entries' | 'shared'>,
  at: number,
  warn: (problem: string) => void,
): Promise<Omit<FactOf<'loaded'>, 'watched'>> {
  const [records, incidents, hosts, views] = await Promise.all([
    store.entries('container'),
    store.entries('incident'),
    store.entries('host'),
    store.shared === null ? [] : store.entries('view'),
  ]);
  return {
    kind: 'loaded',
    at,
    records: records.map(([name, document]) => {
      const record = readRecord(name, document, at);
      if (isIntentUnknown(record.intent))
        warn(`What is wished of ${readable(name, NAME)} cannot be read from the database.`);
      return record;
    }),
    incidents: soundDocuments('incident', incidents, readIncident, warn),
    lastAlive: soundDocuments('host', hosts, readIfFit<HostRecord>(isHost), warn).at(-1) ?? null,
    views: soundDocuments('view', views, readView, warn),
  };
}

const isHost = fieldsOf({ bootId: orNull(isText), aliveAt: isTime });
