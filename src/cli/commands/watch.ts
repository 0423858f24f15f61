import { setTimeout as sleep } from 'node:timers/promises';
import { lookAt } from '../api/look-at.js';
import { CliError, EXIT } from '../cli-error.js';
import type { Command } from '../command.js';
import { changeList } from '../watch/change-list.js';
import { liveScreen } from '../watch/live-screen.js';
import type { WatchView } from '../watch/watch-view.js';

const PERIOD_MS = 2_000;

export const watch: Command = {
  synopsis: 'watch',
  does: 'the same as status, live, until Ctrl-C; where it prints to no terminal, a line a change',
  options: {},
  operands: [0, 0],
  async run({ api, output }) {
    const client = api();
    // An app that is not there to begin with is an error; one that was there may be on its way back.
    let overview = await lookAt(client);
    const view = output.isTerminal ? liveScreen(output) : changeList(output);
    endWith(view);
    try {
      for (let problem: string | null = null; ;) {
        view.show(overview, problem);
        await sleep(PERIOD_MS);
        try {
          overview = await lookAt(client);
          problem = null;
        } catch (error) {
          if (!(error instanceof CliError)) throw error;
          problem = error.message;
        }
      }
    } finally {
      view.close();
    }
  },
};

/** By Ctrl-C, or whoever ends the process in good order: also in the middle of a question. */
function endWith(view: WatchView): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      view.close();
      process.exit(EXIT.done);
    });
}
