import { Get, Header, type Type } from '@nestjs/common';
import { OpenController, ProtectedController, RequireRole } from '../common/access/index.js';
import type { MetricsAccess } from '../common/options/index.js';
import { EXPOSITION_TYPE } from './exposition.js';
import { MetricsService } from './metrics.service.js';

/** A controller for `mountControllers`: `viewer` asks for a token as REST does, `open` answers anybody. */
export function createMetricsController(access: MetricsAccess): Type {
  @(access === 'open' ? OpenController('metrics') : ProtectedController('metrics'))
  class MetricsController {
    constructor(private readonly metrics: MetricsService) {}

    /** Figures for Prometheus. */
    @Get()
    @Header('content-type', EXPOSITION_TYPE)
    @Header('cache-control', 'no-store')
    @RequireRole('viewer')
    text(): string {
      return this.metrics.text();
    }
  }
  return MetricsController;
}
