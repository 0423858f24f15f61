import { PACKAGE_VERSION } from '../common/package/index.js';

/** Who made a span or an instrument: what `getTracer` and `getMeter` are called with. */
export const SCOPE = ['@archipelago/health-monitor', PACKAGE_VERSION] as const;
