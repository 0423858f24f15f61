import {
  Body,
  Controller,
  Logger,
  Module,
  Post,
  VersioningType,
  type INestApplication,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { ApiProperty, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterEach, describe, expect, it } from 'vitest';
import {
  ContainerRuntime,
  HealthMonitorModule,
  withHealthMonitor,
  type HealthMonitorExtras,
  type HealthMonitorOptions,
} from '../../src/index.js';
import { InMemoryRuntime } from '../../src/testing/index.js';
import { calls, document, nameOf } from './described-api.js';

class Incident {
  @ApiProperty()
  street!: string;
}

class HoldDto {}

@Controller('streets')
class StreetsController {
  @Post()
  close(@Body() incident: Incident): Incident {
    return incident;
  }

  @Post('holds')
  hold(@Body() hold: HoldDto): HoldDto {
    return hold;
  }
}

let app: INestApplication | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
});

type Options = HealthMonitorOptions & HealthMonitorExtras;

async function host(...mounts: Options[]): Promise<INestApplication> {
  @Module({
    imports: [
      ScheduleModule.forRoot(),
      ...mounts.map((options) =>
        HealthMonitorModule.forRoot({
          access: { authenticate: () => null },
          storage: { kind: 'memory' },
          socket: false,
          ...options,
          overrides: [{ provide: ContainerRuntime, useValue: new InMemoryRuntime() }],
        }),
      ),
    ],
    controllers: [StreetsController],
  })
  class HostModule {}
  app = await NestFactory.create(HostModule, { logger: false });
  Logger.overrideLogger(false);
  return app;
}

const listed = (version: string): any =>
  SwaggerModule.createDocument(
    app!,
    new DocumentBuilder().setOpenAPIVersion(version).addBearerAuth().build(),
  );

const namesIn = (paths: object): string[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item as object).map((method) => nameOf({ method, path })),
  );

async function served(at: string): Promise<any> {
  await app!.listen(0, '127.0.0.1');
  const response = await fetch(`${await app!.getUrl()}${at}/openapi.json`);
  expect(response.status).toBe(200);
  return response.json();
}

describe('the calls of the document', () => {
  it('are those of the API, and not the page', async () => {
    await host({});
    const paths = Object.keys(listed('3.1.0').paths);
    expect(paths).toContain('/health-monitor/status');
    expect(paths.filter((path) => !path.startsWith('/health-monitor') && !path.includes('streets'))).toEqual(
      [],
    );
  });

  it('are all that a host answers', async () => {
    await host({});
    const answered = namesIn(listed('3.1.0').paths).filter((name) => !name.includes('/streets'));
    const described = calls.map((call) => nameOf({ ...call, path: `/health-monitor${call.path}` }));
    expect(described.sort(), 'every call has an entry: run the build').toEqual(answered.sort());
  });
});

describe('the document that a host serves', () => {
  it('is open to anybody, and has the paths of the host', async () => {
    const mounted = await host({ http: { path: 'admin/health' } });
    mounted.setGlobalPrefix('api');
    mounted.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
    const { servers, ...rest } = await served('/api/v1/admin/health');
    expect(servers).toEqual([{ url: '/api/v1/admin/health' }]);
    expect(rest.paths).toEqual(document.paths);
    expect(await new Validator().validate({ servers, ...rest })).toEqual({ valid: true });
  });

  it('leaves out what is switched off', async () => {
    await host({ metrics: false });
    const { paths } = await served('/health-monitor');
    expect(namesIn(document.paths).filter((name) => !namesIn(paths).includes(name))).toEqual([
      'GET /metrics',
    ]);
  });

  it('asks for a token only where the host does', async () => {
    await host({ metrics: { access: 'open' } });
    const { paths } = await served('/health-monitor');
    expect(paths['/metrics'].get.security).toEqual([]);
    expect(paths['/status'].get.security).toEqual([{ bearer: ['viewer'] }]);
  });

  it('asks for none where access is open', async () => {
    await host({ access: 'open' });
    const { paths } = await served('/health-monitor');
    expect(
      Object.values<any>(paths)
        .flatMap((item) => Object.values<any>(item))
        .map(({ security }) => security),
    ).toEqual(calls.map(() => []));
  });
});

describe('the document of a host’s SwaggerModule', () => {
  it.each(['3.0.0', '3.1.0'])(
    'is right for OpenAPI %s, with our calls, models and roles',
    async (version) => {
      (await host({})).setGlobalPrefix('api');
      const completed = withHealthMonitor(app!, listed(version));
      expect(await new Validator().validate(completed)).toEqual({ valid: true });
      const call = completed.paths['/api/health-monitor/containers/{name}'].get;
      expect(call.responses[200].content['application/json'].schema).toEqual({
        $ref: '#/components/schemas/ContainerDetailView',
      });
      expect(call.summary).toBe('One container, with its latest 200 events and memory samples');
      expect(call.security).toEqual([{ bearer: version === '3.0.0' ? [] : ['viewer'] }]);
      expect(completed.components.schemas.ContainerDetailView.properties.status).toEqual({
        $ref: '#/components/schemas/Status',
      });
      expect(Object.keys(completed.webhooks ?? {})).toEqual(
        version === '3.0.0' ? [] : Object.keys(document.webhooks),
      );
    },
  );

  it('says null in the words of its version', async () => {
    await host({});
    const startedAt = (version: string) =>
      withHealthMonitor(app!, listed(version)).components.schemas.ContainerView.properties.startedAt;
    expect(startedAt('3.0.0')).toEqual({ type: 'string', nullable: true });
    expect(startedAt('3.1.0')).toEqual({ type: ['string', 'null'] });
  });

  it('keeps what the host says, also of models with names of ours', async () => {
    await host({});
    const before = listed('3.1.0');
    const asBefore = structuredClone(before);
    const completed = withHealthMonitor(app!, before);
    expect(before).toEqual(asBefore);
    expect(completed.paths['/streets']).toEqual(before.paths['/streets']);
    const { schemas, securitySchemes } = completed.components;
    expect(securitySchemes.bearer).toEqual(before.components.securitySchemes.bearer);
    expect(schemas.Incident).toEqual(before.components.schemas.Incident);
    expect(Object.keys(schemas.HealthMonitorIncident.properties)).toContain('failedAttempt');
    expect(
      completed.paths['/health-monitor/incidents'].get.responses[200].content['application/json'].schema
        .items,
    ).toEqual({
      $ref: '#/components/schemas/HealthMonitorIncident',
    });
    expect(schemas.HoldDto).toEqual({ type: 'object', properties: {} });
    expect(schemas.HealthMonitorHoldDto.required).toEqual(['reason']);
    expect(schemas.NewWebhookDto.required).toEqual(['url']);
    const refs = [...JSON.stringify(completed).matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)];
    expect(refs.filter(([, kind, name]) => !(name! in completed.components[kind!]))).toEqual([]);
  });

  it('leaves out what the host leaves out', async () => {
    await host({});
    const { paths, ...rest } = listed('3.1.0');
    const withoutOurs = { ...rest, paths: { '/streets': paths['/streets'] } };
    expect(withHealthMonitor(app!, withoutOurs)).toEqual(withoutOurs);
  });

  it('stays as it is where REST is switched off', async () => {
    await host({ http: false });
    const before = listed('3.1.0');
    expect(withHealthMonitor(app!, before)).toEqual(before);
  });

  it('tells of a module that is mounted twice what each of them mounts', async () => {
    await host({ metrics: { access: 'open' } }, { http: { path: 'users/health-monitor' } });
    const { paths } = withHealthMonitor(app!, listed('3.1.0'));
    expect(paths['/health-monitor/metrics'].get.security).toEqual([]);
    expect(paths['/users/health-monitor/metrics'].get.security).toEqual([{ bearer: ['viewer'] }]);
  });
});
