import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Resident memory by process id, bytes. What the system does not tell is left out. */
export function residentMemory(pids: readonly number[]): Promise<ReadonlyMap<number, number>> {
  if (pids.length === 0 || process.platform === 'win32') return Promise.resolve(new Map());
  return process.platform === 'linux' ? fromProc(pids) : fromPs(pids);
}

async function fromProc(pids: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const found = new Map<number, number>();
  await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
      if (kibibytes) found.set(pid, Number(kibibytes) * 1024);
    }),
  );
  return found;
}

async function fromPs(pids: readonly number[]): Promise<ReadonlyMap<number, number>> {
  // It answers 1 when one of them is gone, and lists the others all the same.
  const { stdout } = await run('ps', ['-o', 'pid=,rss=', '-p', pids.join(',')]).catch(
    (error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }),
  );
  const rows = [...stdout.matchAll(/^\s*(\d+)\s+(\d+)\s*$/gm)];
  return new Map(rows.map(([, pid, kibibytes]) => [Number(pid), Number(kibibytes) * 1024]));
}
