// Runs the measurements one after the other, each in a process of its own: all of them, or those named.
//   npm run bench                 npm run bench -- cycle store
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const folder = import.meta.dirname;
const all = readdirSync(folder)
  .filter((file) => file.endsWith('.bench.mjs'))
  .map((file) => file.slice(0, -'.bench.mjs'.length));
const named = process.argv.slice(2);
const unknown = named.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`No such measurement: ${unknown.join(', ')}. There are: ${all.join(', ')}.`);
  process.exit(1);
}

let failed = false;
for (const name of named.length > 0 ? named : all) {
  console.log(`\n# ${name}\n`);
  const { status } = spawnSync(process.execPath, [`${folder}/${name}.bench.mjs`], { stdio: 'inherit' });
  failed ||= status !== 0;
}
process.exitCode = failed ? 1 : 0;
