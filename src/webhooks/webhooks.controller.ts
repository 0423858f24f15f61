import { Body, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, ProtectedController, RequireRole } from '../common/access/index.js';
import type { Principal } from '../common/options/index.js';
import { WebhookService } from './webhook.service.js';
import type { DeliveryView, WebhookView, WebhookWithSecret } from './webhook-view.js';
import { DeliveriesQueryDto, NewWebhookDto, WebhookChangeDto } from './webhooks.dto.js';

/** `webhooks` and `deliveries` under the module's path. */
@ProtectedController('')
export class WebhooksController {
  constructor(private readonly webhooks: WebhookService) {}

  /**
   * Endpoints and how they are. Viewers get the URL without its path, since it can be a secret; operators all of it.
   */
  @Get('webhooks')
  @RequireRole('viewer')
  list(@CurrentPrincipal() principal: Principal | undefined): Promise<WebhookView[]> {
    return this.webhooks.list({ revealed: principal?.role === 'operator' });
  }

  /**
   * Adds an endpoint. The answer shows its secret, this once. At most 50 can be added.
   *
   * @throws ConflictException
   */
  @Post('webhooks')
  @RequireRole('operator')
  add(@Body() webhook: NewWebhookDto): Promise<WebhookWithSecret> {
    return this.webhooks.add(webhook);
  }

  /**
   * Changes an endpoint. The answer shows a secret that is new, this once.
   *
   * @throws NotFoundException, ConflictException
   */
  @Patch('webhooks/:id')
  @RequireRole('operator')
  update(
    @Param('id') id: string,
    @Body() change: WebhookChangeDto,
  ): Promise<WebhookView | WebhookWithSecret> {
    return this.webhooks.update(id, change);
  }

  /**
   * Removes an endpoint, with what waits for it.
   *
   * @throws NotFoundException, ConflictException
   */
  @Delete('webhooks/:id')
  @HttpCode(204)
  @RequireRole('operator')
  remove(@Param('id') id: string): Promise<void> {
    return this.webhooks.remove(id);
  }

  /**
   * Sends `webhook.test` now, once, and answers what came of it.
   *
   * @throws NotFoundException, ConflictException
   */
  @Post('webhooks/:id/test')
  @HttpCode(200)
  @RequireRole('operator')
  test(@Param('id') id: string): Promise<DeliveryView> {
    return this.webhooks.test(id);
  }

  /**
   * Deliveries, newest first: every attempt, its answer, the next retry. What waits, and the latest 100 that ended.
   *
   * @throws NotFoundException
   */
  @Get('webhooks/:id/deliveries')
  @RequireRole('viewer')
  deliveries(@Param('id') id: string, @Query() { limit }: DeliveriesQueryDto): Promise<DeliveryView[]> {
    return this.webhooks.deliveries(id, limit);
  }

  /**
   * Sends one again, with the same `webhook-id`. One that waits is due at once, whatever `Retry-After` said.
   *
   * @throws NotFoundException, ConflictException
   */
  @Post('deliveries/:id/replay')
  @HttpCode(202)
  @RequireRole('operator')
  replay(@Param('id') id: string): Promise<DeliveryView> {
    return this.webhooks.replay(id);
  }
}
