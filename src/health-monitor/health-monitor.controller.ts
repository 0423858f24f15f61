import { Body, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, ProtectedController, RequireRole } from '../common/access/index.js';
import { ContainerQueryDto, HoldDto, IncidentsQueryDto, StopQueryDto } from './containers.dto.js';
import type { ContainerDetailView, ContainerView, HealthStatus, Incident } from '../common/events/index.js';
import { HealthMonitorService, type StopPreview } from './health-monitor.service.js';
import type { Principal } from '../common/options/index.js';

/** Looking at containers and incidents, and acting on containers. */
@ProtectedController('')
export class HealthMonitorController {
  constructor(private readonly monitor: HealthMonitorService) {}

  @Get('status')
  @RequireRole('viewer')
  status(): HealthStatus {
    return this.monitor.status();
  }

  @Get('containers')
  @RequireRole('viewer')
  containers(): readonly ContainerView[] {
    return this.monitor.containers();
  }

  @Get('containers/:name')
  @RequireRole('viewer')
  container(
    @Param('name') name: string,
    @Query() { points }: ContainerQueryDto,
  ): Promise<ContainerDetailView> {
    return this.monitor.container(name, points);
  }

  @Post('containers/:name/start')
  @HttpCode(200)
  @RequireRole('operator')
  start(@Param('name') name: string, @CurrentPrincipal() { id }: Principal): Promise<ContainerView> {
    return this.monitor.start(name, id);
  }

  @Post('containers/:name/stop')
  @HttpCode(200)
  @RequireRole('operator')
  async stop(
    @Param('name') name: string,
    @Query() { dryRun }: StopQueryDto,
    @CurrentPrincipal() { id }: Principal,
  ): Promise<ContainerView | StopPreview> {
    return dryRun === 'true' || dryRun === '1' ? this.monitor.previewStop(name) : this.monitor.stop(name, id);
  }

  @Post('containers/:name/restart')
  @HttpCode(200)
  @RequireRole('operator')
  restart(@Param('name') name: string, @CurrentPrincipal() { id }: Principal): Promise<ContainerView> {
    return this.monitor.restart(name, id);
  }

  @Post('containers/:name/hold')
  @HttpCode(200)
  @RequireRole('operator')
  hold(
    @Param('name') name: string,
    @Body() { reason, forMs }: HoldDto,
    @CurrentPrincipal() { id }: Principal,
  ): Promise<ContainerView> {
    return this.monitor.hold(name, reason, id, forMs);
  }

  @Post('containers/:name/release')
  @HttpCode(200)
  @RequireRole('operator')
  release(@Param('name') name: string, @CurrentPrincipal() { id }: Principal): Promise<ContainerView> {
    return this.monitor.release(name, id);
  }

  @Post('containers/:name/retry')
  @HttpCode(200)
  @RequireRole('operator')
  retry(@Param('name') name: string, @CurrentPrincipal() { id }: Principal): Promise<ContainerView> {
    return this.monitor.retry(name, id);
  }

  /** What happened lately and what followed from it, for `npx health-monitor replay`. */
  @Get('recording')
  @Header('content-type', 'application/x-ndjson; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="health-monitor.recording.ndjson"')
  @RequireRole('operator')
  recording(): string {
    return this.monitor.recording();
  }

  @Get('incidents')
  @RequireRole('viewer')
  incidents(@Query() { status }: IncidentsQueryDto): readonly Incident[] {
    const incidents = this.monitor.incidents();
    return status === undefined ? incidents : incidents.filter((incident) => incident.status === status);
  }
}
