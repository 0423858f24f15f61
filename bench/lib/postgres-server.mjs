// A PostgreSQL of a measurement's own, on 127.0.0.1, with a data folder of its own and Debian's settings: an fsync a commit.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(import.meta.dirname, '../../scripts/servers.sh');
const ANSWERS_BY_MS = 30_000;

export async function startPostgres() {
  const folders = execFileSync('sh', [SCRIPT], { encoding: 'utf8' }).trim().split('\n');
  const folder = mkdtempSync(join(tmpdir(), 'bench-postgres-'));
  // PostgreSQL does not run as root.
  const nobody = process.getuid() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  if (nobody.uid) chownSync(folder, nobody.uid, nobody.gid);
  const env = { ...process.env, PATH: [...folders, process.env.PATH].join(':'), LC_ALL: 'C' };
  const options = { ...nobody, cwd: folder, env, stdio: 'ignore' };
  const data = join(folder, 'data');
  const port = String(await freePort());
  execFileSync('initdb', ['-D', data, '-A', 'trust', '-U', 'postgres'], options);
  const server = spawn('postgres', ['-D', data, '-k', folder, '-p', port, '-h', '127.0.0.1'], options);
  const reached = ['-h', '127.0.0.1', '-p', port];
  for (const deadline = Date.now() + ANSWERS_BY_MS; !answers(reached, options);) {
    if (Date.now() > deadline) throw new Error('PostgreSQL does not answer.');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const pooler = await startPooler(port, options);
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    /** Through a PgBouncer in transaction mode: nobody can LISTEN there. */
    pooledUrl: `postgresql://postgres@127.0.0.1:${pooler.port}/postgres`,
    async stop() {
      pooler.stop();
      server.kill('SIGINT');
      if (server.exitCode === null) await once(server, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startPooler(postgresPort, options) {
  const port = await freePort();
  const file = join(options.cwd, 'pgbouncer.ini');
  const settings = [
    '[databases]',
    `* = host=127.0.0.1 port=${postgresPort}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    'max_client_conn = 100',
  ];
  writeFileSync(file, settings.join('\n').replace('* = host', '* = user=postgres host'));
  const pooler = spawn('pgbouncer', [file], options);
  return { port, stop: () => pooler.kill('SIGINT') };
}

function answers(reached, options) {
  try {
    execFileSync('pg_isready', reached, options);
    return true;
  } catch {
    return false;
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
