import { Logger } from '@nestjs/common';
import type * as api from '@opentelemetry/api';

export type OpenTelemetryApi = typeof api;

/** The host's `@opentelemetry/api`. `null` where it has none, which is nothing to speak of. */
export async function loadApi(): Promise<OpenTelemetryApi | null> {
  try {
    return await import('@opentelemetry/api');
  } catch (error) {
    if (!isNotThere(error)) {
      new Logger('HealthMonitor').warn(
        `@opentelemetry/api could not be loaded, so there are neither spans nor metrics for it: ${String(error)}`,
      );
    }
    return null;
  }
}

/** As Node says it of `import`, and of the `require` that test runners make of it. */
function isNotThere(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  return ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(code);
}
