import type { Command } from './command.js';
import { hold } from './commands/hold.js';
import { release, restart, retry, start, stop } from './commands/plain-acts.js';
import { replay } from './commands/replay.js';
import { status } from './commands/status.js';
import { store } from './commands/store.js';
import { watch } from './commands/watch.js';
import { why } from './commands/why.js';

/** By name, in the order of the usage. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map(
  Object.entries({ status, why, watch, hold, release, start, stop, restart, retry, replay, store }),
);
