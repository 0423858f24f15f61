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
    [{ http: ':80/', notYet: {} }, 'notYet: expected at least one of status, text, json'],
    [{ http: ':80/', expect: {} }, 'expect: expected at least one of status, text, json'],
    [{ http: ':80/', needsYou: { json: {} } }, 'needsYou: expected at least one of status, text, json'],
    [{ rpc: ':80', method: 'm', expect: { status: [200] } }, 'expect.status: expected only with http'],
    [{ rpc: ':80', method: 'm', params: circular }, 'params: expected a list of what JSON can say'],
    [{ rpc: ':80', method: 'm', params: [1n] }, 'params: expected a list of what JSON can say'],
    [{ http: ':80/', tcp: ':80' }, 'expected exactly one of http, tcp, exec, rpc'],
  ])('%# is refused', (probe, problem) => {
    const [only, ...others] = problemsOf(probe);
    expect(only).toContain(problem);
    expect(only).toContain('containers.app.probe');
    expect(others).toEqual([]);
  });

  it('is refused where its command has no name', () => {
    expect(problemsOf({ exec: [''] })).toHaveLength(1);
    expect(problemsOf({ exec: ['test', ''] })).toEqual([]);
  });
});
