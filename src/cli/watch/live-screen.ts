import { overviewLines } from '../overview.js';
import type { Output } from '../terminal/output.js';
import { cutTo } from '../terminal/table.js';
import { oneLine } from '../terminal/text.js';
import type { WatchView } from './watch-view.js';

/** A screen of its own without cursor, and back. */
const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
/** Going over what is there, and clearing what is left of it, does not flicker. */
const HOME = '\u001b[H';
const CLEAR_REST_OF_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** Draws on a terminal, and leaves it as it was. */
export function liveScreen(output: Output): WatchView {
  output.write(ENTER);
  return {
    show(overview, problem) {
      const { columns, rows } = output.size();
      const warning = problem === null ? [] : [output.paint('red', cutTo(oneLine(problem), columns)), ''];
      const lines = [...warning, ...overviewLines(overview, Date.now(), output.paint, columns)];
      // A line more than the screen has would move it.
      const shown = lines.slice(0, rows - 1).map((line) => `${line}${CLEAR_REST_OF_LINE}\n`);
      output.write(HOME + shown.join('') + CLEAR_BELOW);
    },
    close: () => output.write(LEAVE),
  };
}
