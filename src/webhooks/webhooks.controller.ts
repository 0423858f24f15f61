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

  @Get('webhooks')
  @RequireRole('viewer')
  list(@CurrentPrincipal() principal: Principal | undefined): Promise<WebhookView[]> {
    return this.webhooks.list({ revealed: principal?.role === 'operator' });
  }

  @Post('webhooks')
  @RequireRole('operator')
  add(@Body() webhook: NewWebhookDto): Promise<WebhookWithSecret> {
    return this.webhooks.add(webhook);
  }

  @Patch('webhooks/:id')
  @RequireRole('operator')
  update(
    @Param('id') id: string,
    @Body() change: WebhookChangeDto,
  ): Promise<WebhookView | WebhookWithSecret> {
    return this.webhooks.update(id, change);
  }

  @Delete('webhooks/:id')
  @HttpCode(204)
  @RequireRole('operator')
  remove(@Param('id') id: string): Promise<void> {
    return this.webhooks.remove(id);
  }

  @Post('webhooks/:id/test')
  @HttpCode(200)
  @RequireRole('operator')
  test(@Param('id') id: string): Promise<DeliveryView> {
    return this.webhooks.test(id);
  }

  @Get('webhooks/:id/deliveries')
  @RequireRole('viewer')
  deliveries(@Param('id') id: string, @Query() { limit }: DeliveriesQueryDto): Promise<DeliveryView[]> {
    return this.webhooks.deliveries(id, limit);
  }

  @Post('deliveries/:id/replay')
  @HttpCode(202)
  @RequireRole('operator')
  replay(@Param('id') id: string): Promise<DeliveryView> {
    return this.webhooks.replay(id);
  }
}
