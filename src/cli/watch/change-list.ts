import type { Overview } from '../overview.js';
import type { Output } from '../terminal/output.js';
import { oneLine } from '../terminal/text.js';
import type { WatchView } from './watch-view.js';
import { changesBetween } from './changes-between.js';

/** Prints a line a change, for a pipe or a log. */
export function changeList(output: Output): WatchView {
  let before: Overview | null = null;
  let lastProblem: string | null = null;
  const print = (line: string): void => output.print(`${new Date().toLocaleTimeString('sv')}  ${line}`);
  return {
    show(overview, problem) {
      if (problem !== lastProblem) print(problem === null ? 'The app answers again.' : oneLine(problem));
      lastProblem = problem;
      for (const line of changesBetween(before, overview)) print(line);
      before = overview;
    },
    close: () => undefined,
  };
}
