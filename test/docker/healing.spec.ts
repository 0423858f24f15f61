import { describeWithDocker, whyNoDocker } from './docker-engine.js';
import { describeHealing } from './healing.js';

describeWithDocker(
  'healing on a real Docker',
  () => describeHealing({ stops: 20, fleet: 20 }),
  await whyNoDocker(),
);
