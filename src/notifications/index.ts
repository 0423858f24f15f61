export { createHealthMonitorGateway, HealthMonitorGateway } from './health-monitor.gateway.js';
export { NotificationsController } from './notifications.controller.js';
export { NotificationsService } from './notifications.service.js';
export type * from './socket-protocol.js';
