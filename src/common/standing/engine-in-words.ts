import type { EngineStatus } from '../events/index.js';

/** What is configured to be looked for, as long as no engine was found: none is called so. */
const ANY = 'auto';

/** `podman 5.4.2`; empty while nobody knows which engine it is. Pure. */
export const engineInWords = ({ kind, version }: Pick<EngineStatus, 'kind' | 'version'>): string =>
  [kind === ANY ? null : kind, version].filter((part) => part !== null && part !== '').join(' ');
