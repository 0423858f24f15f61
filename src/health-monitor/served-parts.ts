import { applyDecorators, type Provider, type Type } from '@nestjs/common';
import { mountControllers } from '../common/access/index.js';
import {
  HEALTH_MONITOR_OPTIONS,
  type ResolvedExtras,
  type ResolvedOptions,
} from '../common/options/index.js';
import { createDashboardController, DashboardPage } from '../dashboard/index.js';
import { createMetricsController } from '../metrics/index.js';
import {
  createHealthMonitorGateway,
  NotificationsController,
  type HealthMonitorGateway,
} from '../notifications/index.js';
import { MountedApi, OpenApiController } from '../openapi/index.js';
import { webhooksControllers } from '../webhooks/index.js';
import { HealthMonitorController } from './health-monitor.controller.js';

const CONTROLLERS = [HealthMonitorController, NotificationsController, ...webhooksControllers];

/** What the host's app serves of ours: REST, the socket and the page, each unless it is switched off. */
export function servedParts(extras: ResolvedExtras): { controllers: Type[]; providers: Provider[] } {
  const answering = rest(extras);
  const controllers = [...answering, ...dashboardController(extras)];
  controllers.forEach((controller) => applyDecorators(...extras.decorators)(controller));
  const gateway = gatewayFor(extras);
  const live = gateway ? [gateway, ...dashboardPage(extras, gateway)] : [];
  return { controllers, providers: [mountedApi(extras, answering), ...live] };
}

function rest({ http, metrics }: ResolvedExtras): Type[] {
  if (http === null) return [];
  const ofMetrics = metrics === null ? [] : [createMetricsController(metrics.access)];
  return mountControllers(http.path, [...CONTROLLERS, ...ofMetrics, OpenApiController]);
}

/** What the document of REST is about; where that is switched off, nothing. */
function mountedApi({ http }: ResolvedExtras, controllers: readonly Type[]): Provider {
  return {
    provide: MountedApi,
    useFactory: ({ access }: ResolvedOptions) => new MountedApi(http?.path ?? '', controllers, access),
    inject: [HEALTH_MONITOR_OPTIONS],
  };
}

function dashboardController({ dashboard: page }: ResolvedExtras): Type[] {
  return page === null ? [] : [createDashboardController(page.path)];
}

/** The page lives on the socket, and is told by it where the host serves Socket.IO. */
function dashboardPage(
  { dashboard: page, http, socket }: ResolvedExtras,
  gateway: Type<HealthMonitorGateway>,
): Provider[] {
  if (page === null) return [];
  return [
    {
      provide: DashboardPage,
      useFactory: (live: HealthMonitorGateway) =>
        new DashboardPage(page.path, {
          http: http?.path ?? null,
          socket: socket?.namespace ?? null,
          socketPath: () => live.serverPath,
        }),
      inject: [gateway],
    },
  ];
}

function gatewayFor({ socket }: ResolvedExtras): Type<HealthMonitorGateway> | null {
  return socket === null ? null : createHealthMonitorGateway(socket.namespace);
}
