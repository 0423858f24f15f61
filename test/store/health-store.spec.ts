import { describeHealthStore } from './health-store.contract.js';
import { MemoryStore } from './store-fixtures.js';

describeHealthStore('memory', () => new MemoryStore());
describeHealthStore('sqlite', (folder) => folder.store());
