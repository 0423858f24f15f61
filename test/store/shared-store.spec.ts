import { afterAll, beforeAll, describe } from 'vitest';
import { PostgresServer } from '../support/postgres.js';
import { serverFolders } from '../support/servers.js';
import { SharedDatabase } from './shared-database.js';
import { describeSharedStore } from './shared-store.contract.js';

describe.skipIf(serverFolders === null)('on a real server', () => {
  const server = new PostgresServer();
  beforeAll(() => server.start());
  afterAll(() => server.remove());
  describeSharedStore('postgres', () => SharedDatabase.on(server));
});
