import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { PostgresStore } from '../../src/common/store/postgres-store.js';
import { SystemClock } from '../../src/common/clock/index.js';
import { PostgresServer } from '../support/postgres.js';
import { serverFolders } from '../support/servers.js';
import { describeHealthStore } from './health-store.contract.js';
import { MemoryStore, SILENT } from './store-fixtures.js';

describeHealthStore('memory', () => new MemoryStore());
describeHealthStore('sqlite', (folder) => folder.store());

describe.skipIf(serverFolders === null)('on a real server', () => {
  const server = new PostgresServer();
  let database: string;
  beforeAll(() => server.start());
  afterAll(() => server.remove());
  beforeEach(async () => {
    database = await server.database();
  });

  describeHealthStore(
    'postgres',
    () =>
      new PostgresStore({
        url: server.url(database),
        pool: null,
        schema: 'health_monitor',
        clock: new SystemClock(),
        logger: SILENT,
      }),
  );
});
