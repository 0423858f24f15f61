import type { Provider, Type } from '@nestjs/common';
import { WebhookDispatcher } from './webhook-dispatcher.js';
import { Outbox } from './outbox.js';
import { WebhookSender } from './webhook-sender.js';
import { WebhookService } from './webhook.service.js';
import { WebhooksController } from './webhooks.controller.js';

/** For the module that provides `HealthStore`, `EventStream`, `Clock` and `HEALTH_MONITOR_OPTIONS`. */
export const webhooksProviders: readonly Provider[] = [
  Outbox,
  WebhookSender,
  WebhookDispatcher,
  WebhookService,
];

export const webhooksControllers: readonly Type[] = [WebhooksController];
