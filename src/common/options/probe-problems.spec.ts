import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { HealthMonitorOptionsError, resolveOptions } from './index.js';

function problemsOf(probe: unknown): readonly string[] {
  try {
    resolveOptions({ access: 'open', containers: { app: { probe } } });
  } catch (error) {
    if (error instanceof HealthMonitorOptionsError) return error.problems;
    throw error;
  }
  return [];
}

const circular: unknown[] = [];
circular.push(circular);

describe('a probe that cannot be meant', () => {
  it.each<[unknown, string]>([
    [{ http: ':80/', notYet: {} }, 'notYet: expected at least one of status, exit, text, json'],
    [{ http: ':80/', expect: {} }, 'expect: expected at least one of status, exit, text, json'],
    [{ http: ':80/', needsYou: { json: {} } }, 'needsYou: expected at least one of status, exit, text, json'],
    [{ rpc: ':80', method: 'm', expect: { status: [200] } }, 'expect.status: expected only with http'],
    [{ http: ':80/', expect: { exit: [0] } }, 'expect.exit: expected only with exec'],
    [{ exec: ['x'], notYet: { status: [503] } }, 'notYet.status: expected only with http'],
    [{ exec: ['x'], notYet: { exit: [256] } }, 'notYet.exit: expected a list of exit codes'],
    [{ tcp: ':80', expect: [{ text: 'ok' }, {}] }, 'expect[1]: expected at least one of'],
    [{ tcp: ':80', expect: [] }, 'expect: expected at least one answer'],
    [{ tcp: ':80', expect: [{ text: 7 }] }, 'expect[0].text: expected words'],
    [{ tcp: ':80', send: '' }, 'send: expected a text'],
    [{ exec: ['x'], send: 'PING' }, 'send: expected only with tcp'],
    [{ tcp: ':80', credentials: { env: 'A' } }, 'credentials: expected only with http or rpc'],
    [{ http: ':80/', progress: 'a..b' }, 'progress.at: expected a path'],
    [{ http: ':80/', progress: { of: 100 } }, 'progress.at: expected a path'],
    [{ http: ':80/', progress: { at: 'a', of: 0 } }, 'progress.of: expected a number above 0'],
    [{ http: ':80/', progress: 7 }, 'progress: expected an object'],
    [true, "probe: expected a probe, a list of them, or false; for example { http: ':80/health' }"],
    ['http :80', "probe: expected a probe, a list of them, or false; for example { http: ':80/health' }"],
    [{ http: ':80/', credentials: 'user:hunter2' }, 'credentials: expected { file } or { env }'],
    [{ tcp: 'host' }, "tcp: expected 'HOST:PORT', or ':PORT' of the container"],
    [{ rpc: ':80', method: 'm', params: circular }, 'params: expected a list of what JSON can say'],
    [{ rpc: ':80', method: 'm', params: [1n] }, 'params: expected a list of what JSON can say'],
    [{ http: ':80/', tcp: ':80' }, 'expected exactly one of http, tcp, exec, rpc'],
  ])('%# is refused', (probe, problem) => {
    const [only, ...others] = problemsOf(probe);
    expect(only).toContain(problem);
    expect(only).toContain('containers.app.probe');
    expect(others).toEqual([]);
  });

  it.each([
    false,
    [],
    {
      tcp: ':80',
      send: 'PING\r\n',
      expect: [{ text: 'PONG' }],
      notYet: { text: 'LOADING', words: 'It loads.' },
    },
    { exec: ['x'], expect: { exit: [0, 2] }, progress: { at: 'done', of: 'all' } },
    { http: ':80/', progress: { at: 'percent', of: 100 } },
  ])('is not what %j is', (probe) => {
    expect(problemsOf(probe)).toEqual([]);
  });

  it('is refused with credentials beside it, and these are where they hold nothing', () => {
    const problems = (rules: unknown) => {
      try {
        resolveOptions({ access: 'open', containers: { app: rules } });
        return [];
      } catch (error) {
        return (error as HealthMonitorOptionsError).problems;
      }
    };
    expect(problems({ credentials: { env: 'A' } })).toEqual([]);
    expect(problems({ credentials: {} })).toEqual([
      'containers.app.credentials: expected { file } or { env }',
    ]);
    expect(problems({ probe: false, credentials: { env: 'A' } })).toEqual([
      'containers.app.credentials: expected within the probe, where one is written',
    ]);
  });

  it('is refused where its command has no name', () => {
    expect(problemsOf({ exec: [''] })).toHaveLength(1);
    expect(problemsOf({ exec: ['test', ''] })).toEqual([]);
  });
});
