import { Module, type DynamicModule } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { ContainerRuntime, HealthMonitorModule } from '@archipelago/health-monitor';
import { fastMemory } from './fast-memory.provider.js';
import { healthMonitorConfig } from './health-monitor.config.js';
import { RootController } from './root.controller.js';
import type { Settings } from './settings.js';

@Module({ imports: [ScheduleModule.forRoot()], controllers: [RootController] })
export class AppModule {
  /**
   * @param runtime what to watch instead of Podman
   * @param receiverUrl where its messages go, if anywhere
   */
  static with(
    settings: Settings,
    runtime: ContainerRuntime | null,
    receiverUrl: string | null,
  ): DynamicModule {
    const overrides = runtime ? [{ provide: ContainerRuntime, useValue: runtime }, fastMemory] : [];
    return {
      module: AppModule,
      imports: [
        HealthMonitorModule.forRoot({
          ...healthMonitorConfig(settings, receiverUrl),
          dashboard: { path: 'dashboard' },
          overrides,
        }),
      ],
    };
  }
}
