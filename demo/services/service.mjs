// What service.sh is, for systems without a shell of that kind.
import { Buffer } from 'node:buffer';
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const ballast = [];
let health = 'ok';

const does = {
  health: () => writeSync(3, `${health}\n`),
  sick: (reason) => (health = reason),
  well: () => (health = 'ok'),
  say: (line) => console.log(line),
  warn: (line) => console.error(line),
  exit: (code) => process.exit(Number(code)),
  // No system but POSIX knows how to end by a signal.
  signal: (name) =>
    process.platform === 'win32' ? process.exit(139) : process.kill(process.pid, `SIG${name}`),
  grow: (bytes) => ballast.push(Buffer.alloc(Number(bytes), 1)),
};

console.log(`${process.argv[2]} is ready`);
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const [word, ...rest] = line.split(' ');
  does[word]?.(rest.join(' '));
});
lines.on('close', () => process.exit(0));
