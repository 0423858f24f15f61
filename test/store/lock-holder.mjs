// Another process that acts on a store: holds the lock it is given until it is killed.
const [path] = process.argv.slice(2);
const Database = await import('node:sqlite').then(
  ({ DatabaseSync }) => DatabaseSync,
  () => import('better-sqlite3').then((module) => module.default),
);
const database = new Database(path);
database.exec('PRAGMA busy_timeout = 0');
database.exec('BEGIN EXCLUSIVE');
process.send('held');
process.on('message', () => database.close());
