import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type EngineEvent } from '../container.js';
import { Answer } from '../engine-api/answer.js';
import { readContainerList, readInspectedContainer } from './container.reader.js';
import { readEngineInfo } from './engine-info.js';
import { readApiEvent, readCommandEvent } from './event.reader.js';

// Answers of real engines about the same four containers: one that runs, one with a health check that requires it, one
// that exited with 3, one that was never started. What nothing here reads was left out.
describe.each(['4.3.1', '5.4.2'])('the answers of Podman %s', (version) => {
  const text = readFileSync(new URL(`recorded/podman-${version}.json`, import.meta.url), 'utf8');
  const recorded = Answer.parse(text, 'recorded');
  const api = recorded.at('api');
  const cli = recorded.at('cli');
  const [app, gone, created] = api.at('inspect').items().map(readInspectedContainer);

  it('say what it is', () => {
    expect(readEngineInfo(api.at('info'), 'podman', '/podman.sock')).toEqual({
      kind: 'podman',
      version,
      rootless: false,
      address: '/podman.sock',
      tellsWhoStopped: version === '4.3.1' ? 'events' : 'flag',
      machineUpSince: expect.any(Number),
    });
  });

  it('list its containers, through the API and through the command line alike', () => {
    const list = readContainerList(api.at('list'));
    expect(list).toMatchObject([
      { name: 'archy-base', state: 'running', health: 'none', exitCode: 0, exitedAt: null, labels: {} },
      { name: 'archy-app', state: 'running', health: 'healthy', labels: { 'health-monitor.tier': 'core' } },
      { name: 'archy-gone', state: 'exited', health: 'none', exitCode: 3, pid: null },
      { name: 'archy-new', state: 'created', exitCode: 0, startedAt: null, exitedAt: null, pid: null },
    ]);
    expect(readContainerList(cli.at('list'))).toEqual(list);
  });

  it('show one that runs', () => {
    expect(app).toMatchObject({
      container: {
        name: 'archy-app',
        image: 'localhost/busybox:test',
        state: 'running',
        health: 'healthy',
        exitCode: 0,
        exitedAt: null,
        restartPolicy: 'none',
        requires: [readContainerList(api.at('list'))[0]?.id],
        stopTimeoutMs: 10_000,
        healthCheck: { intervalMs: 3_600_000, startPeriodMs: 0, onFailure: 'none', lastOutput: '' },
      },
      stoppedByUser: false,
      cgroupPath: `/libpod_parent/libpod-${app?.container.id}`,
    });
    const { createdAt, startedAt, healthCheck } = app?.container ?? {};
    expect(startedAt).toBeGreaterThan(Number(createdAt));
    expect(healthCheck?.lastRunAt).toBeGreaterThan(Number(startedAt));
  });

  it('show one that exited, and one that was never started', () => {
    expect(gone).toMatchObject({
      container: {
        state: 'exited',
        health: 'none',
        healthCheck: null,
        exitCode: 3,
        pid: null,
        stopTimeoutMs: 33_000,
      },
      cgroupPath: null,
    });
    expect(gone?.container.exitedAt).toBeGreaterThan(Number(gone?.container.startedAt));
    expect(created?.container).toMatchObject({
      state: 'created',
      startedAt: null,
      exitedAt: null,
      pid: null,
    });
  });

  it('tell what happened, through the API and through the command line alike', () => {
    const events = api
      .at('events')
      .items()
      .flatMap((line) => readApiEvent(line) ?? []);
    expect(events.map(({ action, name, exitCode }) => `${action} ${name} ${exitCode}`)).toEqual([
      'started archy-base null',
      'started archy-app null',
      'health-checked archy-app null',
      'started archy-gone null',
      'died archy-gone 3',
      'cleaned-up archy-gone null',
    ]);
    const told = cli
      .at('events')
      .items()
      .flatMap((line) => readCommandEvent(line) ?? []);
    const rounded = (event: EngineEvent) => ({ ...event, at: Math.round(event.at) });
    expect(told.map(rounded)).toEqual(events.map(rounded));
    // Podman 4 says what it was before the check.
    const checked = events.find(({ action }) => action === 'health-checked');
    expect(checked?.health).toBe(version === '4.3.1' ? 'starting' : 'healthy');
  });
});
