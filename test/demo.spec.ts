import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ContainerView } from '../src/health-monitor/events/index.js';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const eventually = { timeout: 15_000, interval: 50 };

let folder: string;

/** Compiles package and demo in a folder of their own, so that no build is needed before and none is disturbed. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'health-monitor-demo-'));
  for (const part of ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'src', 'demo', 'dashboard']) {
    await cp(join(root, part), join(folder, part), {
      recursive: true,
      filter: (path) => path !== join(root, 'demo', 'dist'),
    });
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  for (const [tool, ...args] of [
    ['typescript/bin/tsc', '-p', 'tsconfig.build.json'],
    ['typescript/bin/tsc', '-p', 'demo/tsconfig.json'],
    ['vite/bin/vite.js', 'build', 'dashboard'],
  ] as const) {
    const command = [join(root, 'node_modules', ...tool.split('/')), ...args];
    await run(process.execPath, command, { cwd: folder }).catch((error: Error & { stdout?: string }) => {
      throw new Error(`${tool} ${args.join(' ')} fails: ${error.message}\n${error.stdout}`);
    });
  }
}, 180_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Demo {
  readonly child: ChildProcess;
  readonly said: () => string;
  /** Resolves with the exit code, or the signal. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

const begun: Demo[] = [];

function begin(args: string[] = [], env: NodeJS.ProcessEnv = {}): Demo {
  const child = spawn(process.execPath, [join(folder, 'demo', 'dist', 'main.js'), ...args], {
    cwd: folder,
    env: { ...process.env, PORT: '0', DEMO_TOKEN: 'let-me-in', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  const demo = { child, said: () => said, ended };
  begun.push(demo);
  return demo;
}

afterEach(async () => {
  for (const { child, ended } of begun.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
});

/** Where the printed link leads to. */
async function originOf(demo: Demo): Promise<string> {
  const link = /Open (http:\/\/127\.0\.0\.1:\d+)\/#token=let-me-in/;
  await vi.waitFor(() => expect(demo.said()).toMatch(link), eventually);
  return link.exec(demo.said())![1]!;
}

async function view(origin: string, name: string): Promise<ContainerView> {
  const answer = await fetch(`${origin}/health-monitor/containers/${name}`, {
    headers: { authorization: 'Bearer let-me-in' },
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as ContainerView;
}

/** Process ids of the demo's services, by name. */
async function servicesOf({ child }: Demo): Promise<Map<string, number>> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  const rows = [...stdout.matchAll(/^\s*(\d+)\s+(\d+)\s+.*service\.(?:sh|mjs) (\S+)\s*$/gm)];
  return new Map(
    rows
      .filter(([, , parent]) => Number(parent) === child.pid)
      .map(([, pid, , name]) => [name!, Number(pid)]),
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

// Windows has neither ps nor signals.
const hasSignals = process.platform !== 'win32';

describe('the demo', () => {
  it.skipIf(!hasSignals)(
    'prints a link, asks for the token, heals what is killed, and takes everything with it when it ends',
    async () => {
      const demo = begin();
      const origin = await originOf(demo);
      expect(demo.said()).toContain('0:15  archy-lnd crashes');

      const page = await fetch(origin);
      expect([page.status, page.url]).toEqual([200, `${origin}/dashboard`]);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect((await fetch(`${origin}/health-monitor/containers`)).status).toBe(401);
      const wrong = { headers: { authorization: 'Bearer guess' } };
      expect((await fetch(`${origin}/health-monitor/containers`, wrong)).status).toBe(401);

      await vi.waitFor(
        async () => expect((await view(origin, 'immich_redis')).state).toBe('running'),
        eventually,
      );
      const before = await servicesOf(demo);
      process.kill(before.get('immich_redis')!, 'SIGKILL');
      await vi.waitFor(async () => {
        const now = await servicesOf(demo);
        expect(now.get('immich_redis')).toBeGreaterThan(0);
        expect(now.get('immich_redis')).not.toBe(before.get('immich_redis'));
      }, eventually);
      await vi.waitFor(async () => expect((await view(origin, 'immich_redis')).attempts).toBe(1), eventually);

      const last = await servicesOf(demo);
      expect(last.size).toBeGreaterThan(10);
      demo.child.kill('SIGINT');
      expect(await demo.ended).toBe(0);
      expect([...last.values()].filter(isAlive)).toEqual([]);
    },
    60_000,
  );

  it.skipIf(!hasSignals)('leaves no process behind even when it is killed', async () => {
    const demo = begin();
    await originOf(demo);
    const services = [...(await servicesOf(demo)).values()];
    expect(services.length).toBeGreaterThan(10);
    demo.child.kill('SIGKILL');
    await demo.ended;
    await vi.waitFor(() => expect(services.filter(isAlive)).toEqual([]), eventually);
  });

  it('says in one sentence that its port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const demo = begin([], { PORT: String(port) });
      expect(await demo.ended).toBe(1);
      expect(demo.said().trim()).toBe(
        `Port ${port} is in use: choose another one, such as PORT=${port + 1}.`,
      );
    } finally {
      server.close();
    }
  });

  it.each([
    [['--heal'], {}, '--heal goes with --podman: the demo heals its own fleet anyway.'],
    [['--docker'], {}, "Unknown option '--docker'. See --help."],
    [[], { PORT: 'http' }, 'PORT must be a whole number from 0 to 65535.'],
    [
      [],
      { DEMO_TOKEN: 'a b' },
      'DEMO_TOKEN may have letters, digits and - . _ ~ + / in it, and = at its end.',
    ],
  ])('refuses %j with %j in one sentence', async (args, env, sentence) => {
    const demo = begin(args, env);
    expect(await demo.ended).toBe(1);
    expect(demo.said().trim()).toBe(sentence);
  });

  it('says in one sentence that there is no Podman', async () => {
    const demo = begin(['--podman'], { CONTAINER_HOST: 'unix:///no/such/podman.sock', PATH: '' });
    expect(await demo.ended).toBe(1);
    expect(demo.said().trim().split('\n')).toEqual([
      expect.stringMatching(/^There is no Podman to show: .+/),
    ]);
  });
});
