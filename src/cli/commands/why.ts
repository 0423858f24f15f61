import type { ContainerDetailView, ExternalView } from '../../common/events/index.js';
import type { ApiClient } from '../api/api-client.js';
import { CliError, EXIT } from '../cli-error.js';
import type { Command } from '../command.js';
import { momentOf } from '../moment.js';
import { jsonOf, type Output } from '../terminal/output.js';
import { externalLines } from '../why/external.js';
import { storyLines } from '../why/story.js';
import { nowLines } from '../why/now.js';
import { thenLines } from '../why/then.js';

const EVENTS = 20;

export const why: Command = {
  synopsis: 'why NAME [--at 03:12]',
  does: `how a container or an external is and why: the latest decision, its exit, attempts, what it waits for, its latest ${EVENTS} events; with
--at (03:12, or "2026-01-31 03:12") the decision that held then, and the events before it`,
  options: { at: { type: 'string' }, json: { type: 'boolean' } },
  operands: [1, 1],
  async run({ operands: [name = ''], options, api, output }) {
    const now = Date.now();
    const moment = typeof options['at'] === 'string' ? momentOf(options['at'], now) : null;
    const client = api();
    const found = await client.containerOrExternal(name);
    if (options['json'] === true) {
      output.print(jsonOf(found));
      return EXIT.done;
    }
    if (!('decision' in found)) return tellExternal(found, client, { moment, now, output });
    const container = found;
    const lines =
      moment === null
        ? nowLines(container, await surrounding(client), now, output.paint)
        : thenLines(container, moment, now);
    for (const line of lines) output.print(line);
    const story = storyLines(eventsUntil(container, moment), EVENTS, now);
    if (story.length > 0) for (const line of ['', ...story]) output.print(line);
    return EXIT.done;
  },
};

async function surrounding(client: ApiClient) {
  const [incidents, externals] = await Promise.all([client.openIncidents(), client.externals()]);
  return { incidents, externals };
}

async function tellExternal(
  external: ExternalView,
  client: ApiClient,
  { moment, now, output }: { moment: number | null; now: number; output: Output },
): Promise<typeof EXIT.done> {
  if (moment !== null)
    throw new CliError(
      `Of an external only the present is told; its incidents are on the page. Leave --at out.`,
      EXIT.badUse,
    );
  const [containers, incidents] = await Promise.all([client.containers(), client.openIncidents()]);
  for (const line of externalLines(external, containers, incidents, now, output.paint)) output.print(line);
  return EXIT.done;
}

const eventsUntil = ({ history }: ContainerDetailView, moment: number | null) =>
  history.filter(({ at }) => moment === null || Date.parse(at) <= moment);
