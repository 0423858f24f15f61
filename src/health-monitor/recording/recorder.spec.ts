import { describe, expect, it } from 'vitest';
import { Fleet } from '../../../test/step/fleet.js';
import { recordingOf } from '../../../test/step/recording-of.js';
import { aCheck, aContainer, NOON } from '../../../test/support/situation.js';
import { NO_ACTS, NOTHING_KNOWN, step, type Fact } from '../step/index.js';
import { Recorder, readRecording, replay } from './index.js';

const header = JSON.parse(recordingOf(new Fleet()).split('\n')[0]!) as Parameters<Recorder['export']>[0];

function crashes(count: number): Fleet {
  const fleet = new Fleet();
  fleet.checkAll();
  for (let done = 0; done < count; done++) {
    fleet.happen({ do: 'crash', name: 'tool', code: 1 });
    fleet.pass(60_000);
  }
  return fleet;
}

describe('a recorder', () => {
  it('keeps the latest facts within its bytes, with the state before the first of them', () => {
    const fleet = crashes(40);
    const recorder = new Recorder(30_000);
    for (const { before, fact, step: next } of fleet.facts) recorder.record(before, fact, next);
    const text = recorder.export(header, fleet.state);
    const facts = text.split('\n').slice(2);
    expect(Buffer.byteLength(facts.join('\n'))).toBeLessThanOrEqual(30_000);
    expect(facts.length).toBeGreaterThan(10);
    expect(facts.length).toBeLessThan(fleet.facts.length);
    const recording = readRecording(text);
    expect(recording.facts.at(-1)?.fact.at).toBe(fleet.facts.at(-1)?.fact.at);
    expect([...replay(recording)].filter(({ differs }) => differs)).toEqual([]);
  });

  it('knows from its first fact on how containers of other hosts are', () => {
    const fleet = crashes(1);
    fleet.happen({ do: 'far-down' });
    fleet.facts.splice(0);
    fleet.happen({ do: 'crash', name: 'tool', code: 1 });
    const recording = readRecording(recordingOf(fleet));
    const replayed = [...replay(recording)];
    expect(replayed.filter(({ differs }) => differs)).toEqual([]);
    expect(replayed.at(-1)?.now.decided).toEqual({ tool: 'Waits: attic/far is down.' });
    expect(recording.header.options.hosts).toEqual({ attic: { name: 'attic' } });
  });

  it('keeps nothing where it may keep no bytes, and still tells the state', () => {
    const fleet = crashes(1);
    const recorder = new Recorder(0);
    for (const { before, fact, step: next } of fleet.facts) recorder.record(before, fact, next);
    const recording = readRecording(recorder.export(header, fleet.state));
    expect(recording.facts).toEqual([]);
    expect([...recording.before.records.keys()].toSorted()).toEqual(['api', 'core', 'db', 'tool', 'web']);
  });

  it('keeps no secret that a health check says, and no label that is not read', () => {
    const container = aContainer({
      labels: { 'health-monitor.tier': 'core', 'com.example.key': 'password=hunter2' },
      health: 'unhealthy',
      healthCheck: aCheck({ lastOutput: 'login failed: password=hunter2' }),
    });
    const facts: Fact[] = [
      {
        kind: 'checked',
        at: NOON,
        observation: {
          full: true,
          eventsMissing: false,
          first: true,
          engine: {
            kind: 'podman',
            version: '5',
            rootless: false,
            address: '/run/podman.sock',
            tellsWhoStopped: 'flag',
            warning: null,
          },
          inspected: [{ container, stopEvidence: null, evidence: null }],
          listed: ['app'],
          gone: [],
          unreadable: [],
        },
        ownActs: NO_ACTS,
        bootedAt: NOON,
        shuttingDown: false,
        writer: true,
      },
    ];
    const { setting } = new Fleet();
    const recorder = new Recorder(1_000_000);
    let state = NOTHING_KNOWN;
    for (const fact of facts) {
      const next = step(state, fact, setting);
      recorder.record(state, fact, next);
      state = next.state;
    }
    const text = recorder.export(header, state);
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('com.example.key');
    expect(text).toContain('"health-monitor.tier":"core"');
    expect(text).toContain('login failed: password=•••');
  });
});
