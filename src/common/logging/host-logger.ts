import { Logger } from '@nestjs/common';
import { LOCAL_HOST } from '../reference/index.js';

/**
 * The logger of a part that each watched host has one of. Its lines name the host, but for the local one:
 * `[HealthMonitor attic]`.
 *
 * @param part as in `HealthMonitor`
 * @param host its name in `hosts` of the options; left out, `null` and `local`: the local one
 */
export const hostLogger = (part: string, host: string | null = null): Logger =>
  new Logger(host === null || host === LOCAL_HOST ? part : `${part} ${host}`);
