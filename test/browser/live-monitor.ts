import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplication, Provider } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { HealthMonitorModule } from '../../src/health-monitor/health-monitor.module.js';
import type { HealthMonitorOptions, Principal } from '../../src/common/options/index.js';
import { OPERATOR, VIEWER } from './mock-server.js';

const PEOPLE: Readonly<Record<string, Principal>> = {
  [OPERATOR]: { id: 'otto', role: 'operator' },
  [VIEWER]: { id: 'vera', role: 'viewer' },
};

/** The whole module in a Nest app, with its dashboard: what a host mounts. */
export class LiveMonitor {
  private app: INestApplication<Server> | null = null;
  private port = 0;

  constructor(
    private readonly options: Omit<HealthMonitorOptions, 'access'>,
    private readonly overrides: Provider[] = [],
  ) {}

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  address(token: string = OPERATOR, route = '/'): string {
    return `${this.origin}/dashboard#token=${token}&${route}`;
  }

  /** Starts it; a second time on the same port, as after a restart of the server. */
  async start(): Promise<this> {
    const module = await Test.createTestingModule({
      imports: [
        ScheduleModule.forRoot(),
        HealthMonitorModule.forRoot({
          preset: 'none',
          nodeId: 'live',
          ...this.options,
          check: { intervalMs: 1_000, startupDelayMs: 0 },
          access: { authenticate: ({ token }) => PEOPLE[token ?? ''] ?? null },
          dashboard: { path: 'dashboard' },
          overrides: this.overrides,
        }),
      ],
    }).compile();
    this.app = module.createNestApplication<INestApplication<Server>>({
      logger: process.env['SHOW_LOG'] ? ['error', 'warn', 'log'] : false,
      // A browser keeps connections open that it does not use; closing would wait for those.
      forceCloseConnections: true,
    });
    await this.app.listen(this.port, '127.0.0.1');
    this.port = (this.app.getHttpServer().address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    await this.app?.close();
    this.app = null;
  }
}
