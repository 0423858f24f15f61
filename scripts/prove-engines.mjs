// Holds the contract of an engine, and healing, on every engine that the monitor is made for, and prints a table of how that
// went: in memory, Podman and Docker of this host, those of Debian 13 (scripts/debian13.sh builds them), and both over SSH
// and TLS. Needs root and the tools that the tests need (npm test installs them). About ten minutes on two cores.
//
//   npm run prove:engines             npm run prove:engines -- docker         (only rows whose engine has that word)
//
// On Docker 100 containers are stopped by hand, and 20 go down with its daemon, by SIGTERM and by SIGKILL (STOPS, FLEET).
// Exits with 1 when something failed, or could not be asked.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const DEBIAN_13 = join(import.meta.dirname, 'debian13.sh');
const folder = mkdtempSync(join(tmpdir(), 'prove-engines-'));
const SIZES = { STOPS: process.env.STOPS ?? '100', FLEET: process.env.FLEET ?? '20' };

/** What a test is about; the first that fits its file and name. */
const ABOUT = [
  ['contract', /as a container runtime/],
  [`${SIZES.STOPS} stops by hand`, /undoes no stop, in either order/],
  [`its own end, TERM and KILL, ${SIZES.FLEET} containers`, /when Docker itself ended/],
  ['healing', /(?:)/],
];

const ENGINES = [
  { name: 'in memory', files: ['test/contract/in-memory.spec.ts', 'test/behaviour'] },
  {
    name: 'Podman, here',
    version: ['podman', '--version'],
    files: ['test/contract/podman.spec.ts', 'test/podman', '--exclude', '**/podman-5.spec.ts'],
  },
  { name: 'Podman, Debian 13', version: inDebian13('podman'), files: ['test/podman/podman-5.spec.ts'] },
  {
    name: 'Docker, here',
    version: ['dockerd', '--version'],
    files: [
      'test/contract/docker.spec.ts',
      'test/docker/healing.spec.ts',
      'test/docker/live-restore.spec.ts',
    ],
  },
  { name: 'Docker, Debian 13', version: inDebian13('dockerd'), files: ['test/docker/docker-26.spec.ts'] },
  { name: 'Podman, over SSH', files: ['test/connection/contract-over-ssh.spec.ts'] },
  { name: 'Docker, over SSH and TLS', files: ['test/connection/docker-elsewhere.spec.ts'] },
];

const wanted = process.argv[2]?.toLowerCase() ?? '';
const table = [];
const failures = [];
try {
  execFileSync(DEBIAN_13, ['build'], { stdio: ['ignore', 'ignore', 'inherit'] });
  for (const engine of ENGINES.filter(({ name }) => name.toLowerCase().includes(wanted))) prove(engine);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log();
console.table(table);
for (const line of failures) console.log(line);
process.exitCode = failures.length > 0 ? 1 : 0;

function prove({ name, version, files }) {
  const engine = version === undefined ? name : `${name}: ${versionOf(version)}`;
  console.log(`\n# ${engine}\n`);
  const report = join(folder, 'report.json');
  const began = Date.now();
  const reporters = [
    '--silent=passed-only',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  spawnSync('npx', ['vitest', 'run', ...files, ...reporters], {
    cwd: ROOT,
    // Where there is no such engine that is a failure, and no reason to leave its tests out.
    env: { ...process.env, ...SIZES, CI: 'true' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const tests = testsIn(report);
  if (tests.length === 0) failures.push(`${engine}: no test was run.`);
  for (const [about] of ABOUT) {
    const those = tests.filter((test) => test.about === about);
    const count = (...statuses) => those.filter(({ status }) => statuses.includes(status)).length;
    if (those.length === 0) continue;
    table.push({
      engine,
      about,
      passed: count('passed'),
      failed: count('failed'),
      'left out': count('skipped', 'pending', 'todo', 'disabled'),
      seconds: Math.round(those.reduce((sum, { duration }) => sum + duration, 0) / 1_000),
    });
  }
  failures.push(...tests.flatMap((test) => (test.status === 'failed' ? `${engine}: ${test.words}` : [])));
  console.log(`\n${Math.round((Date.now() - began) / 1_000)} s`);
}

function testsIn(report) {
  let results;
  try {
    results = JSON.parse(readFileSync(report, 'utf8')).testResults;
  } catch {
    return [];
  } finally {
    rmSync(report, { force: true });
  }
  return results.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(ROOT, name);
    const ofFile = assertionResults.map(({ fullName, status, duration, failureMessages }) => ({
      about: ABOUT.find(([, fits]) => fits.test(fullName))[0],
      status,
      duration: duration ?? 0,
      words: `${file}: ${fullName}: ${firstLine(failureMessages?.[0])}`,
    }));
    const brokeWithoutTest = status === 'failed' && ofFile.every((test) => test.status !== 'failed');
    if (!brokeWithoutTest) return ofFile;
    return [...ofFile, { about: 'healing', status, duration: 0, words: `${file}: ${firstLine(message)}` }];
  });
}

function firstLine(text) {
  return text?.split('\n')[0] ?? '';
}

function inDebian13(program) {
  return [DEBIAN_13, 'enter', folder, program, '--version'];
}

function versionOf([program, ...args]) {
  const said = execFileSync(program, args, { encoding: 'utf8' });
  return /\d+\.\d+\.\d+/.exec(said)?.[0] ?? firstLine(said);
}
