import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './free-port.js';
import { installed } from './installed.js';

export const hasPrometheus = installed('prometheus.sh', 'tests with a real Prometheus') !== null;

/** What promtool says of `input`, or of the files that `args` name; throws with its words when something is wrong. */
export function promtool(args: readonly string[], input = ''): string {
  return execFileSync('promtool', args, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
}

/** A series that a query gives. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
}

/** A server that scrapes each second, on 127.0.0.1. */
export class Prometheus {
  private constructor(
    private readonly url: string,
    private readonly folder: string,
    private readonly server: ChildProcess,
  ) {}

  /** @param config `prometheus.yml`, as an object */
  static async start(config: object): Promise<Prometheus> {
    const folder = mkdtempSync(path.join(tmpdir(), 'prometheus-'));
    const file = path.join(folder, 'prometheus.yml');
    writeFileSync(file, JSON.stringify(config));
    const address = `127.0.0.1:${await freePort()}`;
    const args = [
      `--config.file=${file}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--log.level=error',
    ];
    const server = spawn('prometheus', args, { stdio: ['ignore', 'ignore', 'inherit'] });
    return new Prometheus(`http://${address}`, folder, server);
  }

  /** What the expression gives now; nothing while the server is not up yet. @throws when it is wrong */
  async query(expression: string): Promise<readonly Series[]> {
    const body = new URLSearchParams({ query: expression });
    const answer = await fetch(`${this.url}/api/v1/query`, { method: 'POST', body }).catch(() => null);
    if (answer === null || answer.status === 503) return [];
    const { status, data, error } = (await answer.json()) as {
      status: string;
      data: { result: Series[] };
      error?: string;
    };
    if (status !== 'success') throw new Error(`${expression}: ${error}`);
    return data.result;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.server.once('exit', resolve));
    if (this.server.exitCode === null && this.server.kill('SIGKILL')) await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
