import type { HealthStatus } from './events/index.js';

/** How the telling over HTTP stands; the webhooks room has it, and `GET status` shows it. Also its injection token. */
export abstract class WebhookHealth {
  abstract status(): HealthStatus['webhooks'];
}
