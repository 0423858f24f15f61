import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostProcesses } from './host-processes.js';

const ID = 'a'.repeat(64);

describe('HostProcesses', () => {
  let proc: string;
  let processes: HostProcesses;
  beforeEach(async () => {
    proc = await mkdtemp(join(tmpdir(), 'proc-'));
    processes = new HostProcesses(proc);
  });
  afterEach(() => rm(proc, { recursive: true }));

  async function addProcess(pid: number, state: string, cgroup = '0::/'): Promise<void> {
    await mkdir(join(proc, String(pid)), { recursive: true });
    await writeFile(join(proc, String(pid), 'stat'), `${pid} (a ) Z name) ${state} 1 1`);
    await writeFile(join(proc, String(pid), 'cgroup'), cgroup);
  }
  const running = (pid: number | null) => ({ id: ID, state: 'running', pid }) as const;
  const shareNamespace = async () => {
    await addProcess(1, 'S', `0::/machine.slice/libpod-${ID}.scope`);
    processes.hasVanished(running(1));
  };

  it.each([
    ['version 1', `4:cpu:/other\n3:memory:/docker/${ID}\n0::/else`, `/docker/${ID}`],
    ['version 2', `0::/system.slice/docker-${ID}.scope`, `/system.slice/docker-${ID}.scope`],
    [
      'a group of its own below it',
      `0::/machine.slice/libpod-${ID}.scope/container/app`,
      `/machine.slice/libpod-${ID}.scope`,
    ],
    ['another container', `0::/docker/${'b'.repeat(64)}`, null],
    ['a namespace of its own', '0::/', null],
  ])('reads from its main process which control group a container has: %s', async (_, cgroup, path) => {
    await addProcess(2, 'S', cgroup);
    expect(processes.cgroupOf(ID, 2)).toBe(path);
    expect(processes.cgroupOf(ID, 3)).toBeNull();
  });

  it('reads from its conmon where a container will leave its exit code', async () => {
    await addProcess(3, 'S');
    const conmon = `conmon -c ${ID} -u ${ID} --exit-dir /run/libpod/exits --syslog`;
    await writeFile(join(proc, '3', 'cmdline'), conmon.replaceAll(' ', '\0'));
    expect(await processes.exitFolder(ID, 3)).toBe('/run/libpod/exits');
    expect(await processes.exitFolder('b'.repeat(64), 3)).toBeNull();
    expect(await processes.exitFolder(ID, 4)).toBeNull();
  });

  it('misses a process that is gone, and one that is a zombie', async () => {
    await shareNamespace();
    await addProcess(2, 'Z');
    expect(processes.hasVanished(running(2))).toBe(true);
    expect(processes.hasVanished(running(3))).toBe(true);
  });

  it('finds a process that is there, whatever it is called', async () => {
    await shareNamespace();
    await addProcess(2, 'S');
    expect(processes.hasVanished(running(2))).toBe(false);
  });

  it('knows nothing while the process ids may be those of another namespace', async () => {
    expect(processes.hasVanished(running(3))).toBe(false);
    await addProcess(1, 'S', '0::/user.slice/someone-else.scope');
    expect(processes.hasVanished(running(1))).toBe(false);
    expect(processes.hasVanished(running(3))).toBe(false);
  });

  it('knows whether a process was started for a container by its command line', async () => {
    await addProcess(2, 'S');
    await writeFile(join(proc, '2', 'cmdline'), `/usr/bin/conmon\0--cid\0${ID}\0`);
    expect(await processes.isFor(ID, 2)).toBe(true);
    expect(await processes.isFor('b'.repeat(64), 2)).toBe(false);
    expect(await processes.isFor(ID, 3)).toBe(false);
  });

  it('misses nothing of a container that does not run', async () => {
    await shareNamespace();
    expect(processes.hasVanished({ id: ID, state: 'exited', pid: 3 })).toBe(false);
    expect(processes.hasVanished(running(null))).toBe(false);
  });
});
