import { Body, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, ProtectedController, RequireRole } from '../common/access/index.js';
import { ContainerQueryDto, HoldDto, IncidentsQueryDto, StopQueryDto } from './containers.dto.js';
import type {
  ContainerDetailView,
  ContainerView,
  ExternalView,
  HealthStatus,
  Incident,
} from '../common/events/index.js';
import { HealthMonitorService, type StopPreview } from './health-monitor.service.js';
import type { Principal } from '../common/options/index.js';
import { Reference } from './reference.decorator.js';

/** Without a host, the local one is meant. */
const onAnyHost = (path: string): string[] => [path, `hosts/:host/${path}`];

/** Looking at containers and incidents, and acting on containers. */
@ProtectedController('')
export class HealthMonitorController {
  constructor(private readonly monitor: HealthMonitorService) {}

  /** The engine, the store, how many containers are how, and how many incidents are open. */
  @Get('status')
  @RequireRole('viewer')
  status(): HealthStatus {
    return this.monitor.status();
  }

  /** All containers, each with its status, decision and reason. */
  @Get('containers')
  @RequireRole('viewer')
  containers(): readonly ContainerView[] {
    return this.monitor.containers();
  }

  /**
   * One container, with its latest 200 events and memory samples.
   *
   * @throws NotFoundException
   */
  @Get(onAnyHost('containers/:name'))
  @RequireRole('viewer')
  container(@Reference() name: string, @Query() { points }: ContainerQueryDto): Promise<ContainerDetailView> {
    return this.monitor.container(name, points);
  }

  /** What is no container and containers need, and how it is. */
  @Get('externals')
  @RequireRole('viewer')
  externals(): readonly ExternalView[] {
    return this.monitor.externals();
  }

  /**
   * Starts it and wishes it running.
   *
   * @throws NotFoundException, ConflictException, BadGatewayException
   */
  @Post(onAnyHost('containers/:name/start'))
  @HttpCode(200)
  @RequireRole('operator')
  start(@Reference() name: string, @CurrentPrincipal() { id }: Principal): Promise<ContainerView> {
    return this.monitor.start(name, id);
  }

  /**
   * Stops it and leaves it off. With `dryRun`, only tells what that would mean.
   *
   * @throws NotFoundException, ConflictException, BadGatewayException
   */
  @Post(onAnyHost('containers/:name/stop'))
  @HttpCode(200)
  @RequireRole('operator')
  async stop(
    @Reference() name: string,
    @Query() { dryRun }: StopQueryDto,
    @CurrentPrincipal() { id }: Principal,
  ): Promise<ContainerView | StopPreview> {
    return dryRun === 'true' || dryRun === '1' ? this.monitor.previewStop(name) : this.monitor.stop(name, id);
  }

  /**
   * Restarts it, with its own stop timeout.
   *
   * @throws NotFoundException, ConflictException, BadGatewayException
   */
  @Post(onAnyHost('containers/:name/restart'))
  @HttpCode(200)
  @RequireRole('operator')
  restart(@Reference() name: string, @CurrentPrincipal() { id }: Principal): Promise<ContainerView> {
    return this.monitor.restart(name, id);
  }

  /**
   * Keeps the monitor's hands off it, until released or for `forMs`.
   *
   * @throws NotFoundException
   */
  @Post(onAnyHost('containers/:name/hold'))
  @HttpCode(200)
  @RequireRole('operator')
  hold(
    @Reference() name: string,
    @Body() { reason, forMs }: HoldDto,
    @CurrentPrincipal() { id }: Principal,
  ): Promise<ContainerView> {
    return this.monitor.hold(name, reason, id, forMs);
  }

  /**
   * Ends the hold.
   *
   * @throws NotFoundException
   */
  @Post(onAnyHost('containers/:name/release'))
  @HttpCode(200)
  @RequireRole('operator')
  release(@Reference() name: string, @CurrentPrincipal() { id }: Principal): Promise<ContainerView> {
    return this.monitor.release(name, id);
  }

  /**
   * Forgets attempts; starts it at once if it is down and wished running, whatever its exit and its restart policy
   * say.
   *
   * @throws NotFoundException
   */
  @Post(onAnyHost('containers/:name/retry'))
  @HttpCode(200)
  @RequireRole('operator')
  retry(@Reference() name: string, @CurrentPrincipal() { id }: Principal): Promise<ContainerView> {
    return this.monitor.retry(name, id);
  }

  /** What happened lately and what followed, as lines of JSON; `npx health-monitor replay` reads them. */
  @Get(onAnyHost('recording'))
  @Header('content-type', 'application/x-ndjson; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="health-monitor.recording.ndjson"')
  @RequireRole('operator')
  recording(@Param('host') host?: string): Promise<string> {
    return this.monitor.leadersRecording(host ?? null);
  }

  /** Incidents, newest first: those that are open, and those resolved within 30 days. */
  @Get('incidents')
  @RequireRole('viewer')
  incidents(@Query() { status }: IncidentsQueryDto): readonly Incident[] {
    const incidents = this.monitor.incidents();
    return status === undefined ? incidents : incidents.filter((incident) => incident.status === status);
  }
}
