import { DEFAULT_URL } from './api/settings.js';
import type { Command } from './command.js';

/** What `--help` prints. Pure. */
export function usageOf(commands: Iterable<Command>): string {
  const told = [...commands].map(({ synopsis, does }) => `  ${synopsis}\n${indented(does)}`);
  return `Usage: health-monitor COMMAND [--json]

${told.join('\n')}

NAME is a container's name or app id, of another host HOST/NAME; of why, also an external's id or name. --json prints what the app answered, of all but watch, replay and store.

Environment
  HEALTH_MONITOR_URL    where the app is, with the path of its REST; else ${DEFAULT_URL}
  HEALTH_MONITOR_TOKEN  your token, where the app wants one: a viewer's to look, an operator's to act
  NO_COLOR              no colours

Ends with
  0  done; of status: all is well
  1  of status: something is wrong now; of replay: this version decides otherwise
  2  the command cannot be understood, or there is no such container or external
  3  the app cannot be reached, or does not let this token in; of store: a database cannot be used
  4  the act was refused, or failed; of store: a database is in use, or has data already
`;
}

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `      ${line}`)
    .join('\n');
