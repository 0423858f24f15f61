import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { HealthMonitorOptionsError, resolveOptions } from './index.js';

function problemsOf(externals: unknown): readonly string[] {
  try {
    resolveOptions({ access: 'open', externals });
  } catch (error) {
    if (error instanceof HealthMonitorOptionsError) return error.problems;
    throw error;
  }
  return [];
}

describe('externals', () => {
  it('are asked over TCP, HTTP and JSON-RPC, at whole addresses, and may have a name', () => {
    const externals = {
      internet: { tcp: '1.1.1.1:443' },
      nas: { tcp: '[fd00::5]:2049', name: 'The NAS', everyMs: 10_000, timeoutMs: 2_000, failureThreshold: 2 },
      'relay.one': { http: 'https://relay.example/health', expect: { status: [200] }, successThreshold: 2 },
      node: { rpc: 'http://10.0.0.2:8332', method: 'getblockchaininfo', notYetForMs: 60_000 },
    };
    expect(problemsOf(externals)).toEqual([]);
    expect(resolveOptions({ access: 'open', externals }).externals).toEqual(externals);
  });

  it.each<[string, unknown, string]>([
    ['a list', [], 'externals: expected an object, by name'],
    ['no object', { nas: 'here' }, 'externals.nas: expected an object'],
    [
      'nothing that is asked',
      { nas: { name: 'x' } },
      'externals.nas: expected exactly one of http, tcp, rpc',
    ],
    ['a host alone', { nas: { tcp: 'nas.local' } }, "externals.nas.tcp: expected 'HOST:PORT'"],
    [
      'a path alone',
      { nas: { http: '/health' } },
      'externals.nas.http: expected an http or https address without a user name or password in it',
    ],
    [
      'a command',
      { nas: { exec: ['true'] } },
      'externals.nas.exec: expected http, tcp or rpc; there is no container to run a command in',
    ],
    [
      'a port alone',
      { nas: { tcp: ':2049' } },
      'externals.nas.tcp: expected a whole address, with its host; a port alone is one of a container',
    ],
    [
      'a page of a port alone',
      { nas: { http: ':80/health' } },
      'externals.nas.http: expected a whole address, with its host; a port alone is one of a container',
    ],
    [
      'a time to start',
      { nas: { tcp: 'nas:2049', startMs: 1_000 } },
      "externals.nas.startMs: expected only of a container's probe; nobody knows when this one started",
    ],
    [
      'an unknown key',
      { nas: { tcp: 'nas:2049', every: 1 } },
      'externals.nas.every: unknown option; did you mean everyMs?',
    ],
    [
      'an id that no label can name',
      { 'the nas': { tcp: 'nas:2049' } },
      'externals["the nas"]: expected an id of 1 to 64 letters, digits, dots, dashes or underscores, the first a letter or digit',
    ],
    [
      'a name of two lines',
      { nas: { tcp: 'nas:2049', name: 'a\nb' } },
      'externals.nas.name: expected a name of up to 100 characters on one line',
    ],
    [
      'what an answer has, which says nothing',
      { nas: { http: 'http://nas/', expect: {} } },
      'externals.nas.expect: expected at least one of status, exit, text, json',
    ],
    [
      'what an answer has, of an unknown word',
      { nas: { http: 'http://nas/', expect: { status: [200], somethingElse: 'x' } } },
      'externals.nas.expect.somethingElse: unknown option; expected',
    ],
  ])('are refused with %s', (_, externals, problem) => {
    expect(problemsOf(externals).join('\n')).toContain(problem);
  });
});
