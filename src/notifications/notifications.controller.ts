import { Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ProtectedController, RequireRole } from '../common/access/index.js';
import type { Notification } from '../common/events/index.js';
import { NotificationsService } from './notifications.service.js';

@ProtectedController('notifications')
export class NotificationsController {
  constructor(private readonly notifications: NotificationsService) {}

  /** What people were told, newest first. */
  @Get()
  @RequireRole('viewer')
  list(): readonly Notification[] {
    return this.notifications.list();
  }

  /** Marks all as read. */
  @Post('read')
  @HttpCode(204)
  @RequireRole('operator')
  readAll(): Promise<void> {
    return this.notifications.markAllRead();
  }

  /**
   * Marks one as read.
   *
   * @throws NotFoundException
   */
  @Post(':id/read')
  @HttpCode(200)
  @RequireRole('operator')
  read(@Param('id') id: string): Promise<Notification> {
    return this.notifications.markRead(id);
  }

  /**
   * Dismisses one.
   *
   * @throws NotFoundException
   */
  @Delete(':id')
  @HttpCode(204)
  @RequireRole('operator')
  dismiss(@Param('id') id: string): Promise<void> {
    return this.notifications.dismiss(id);
  }
}
