import type { Overview } from '../overview.js';
import type { ApiClient } from './api-client.js';

/** Asks how everything is. */
export async function lookAt(client: ApiClient): Promise<Overview> {
  const [status, containers, externals, incidents] = await Promise.all([
    client.status(),
    client.containers(),
    client.externals(),
    client.openIncidents(),
  ]);
  return { status, containers, externals, incidents };
}
