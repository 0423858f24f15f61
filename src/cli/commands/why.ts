import type { ContainerDetailView } from '../../common/events/index.js';
import { EXIT } from '../cli-error.js';
import type { Command } from '../command.js';
import { momentOf } from '../moment.js';
import { jsonOf } from '../terminal/output.js';
import { storyLines } from '../why/story.js';
import { nowLines } from '../why/now.js';
import { thenLines } from '../why/then.js';

const EVENTS = 20;

export const why: Command = {
  synopsis: 'why NAME [--at 03:12]',
  does: `how it is and why: the latest decision, its exit, attempts, what it waits for, its latest ${EVENTS} events; with
--at (03:12, or "2026-01-31 03:12") the decision that held then, and the events before it`,
  options: { at: { type: 'string' }, json: { type: 'boolean' } },
  operands: [1, 1],
  async run({ operands: [name = ''], options, api, output }) {
    const now = Date.now();
    const moment = typeof options['at'] === 'string' ? momentOf(options['at'], now) : null;
    const client = api();
    const container = await client.container(name);
    if (options['json'] === true) {
      output.print(jsonOf(container));
      return EXIT.done;
    }
    const lines =
      moment === null
        ? nowLines(container, await client.openIncidents(), now, output.paint)
        : thenLines(container, moment, now);
    for (const line of lines) output.print(line);
    const story = storyLines(eventsUntil(container, moment), now);
    if (story.length > 0) for (const line of ['', ...story]) output.print(line);
    return EXIT.done;
  },
};

const eventsUntil = ({ history }: ContainerDetailView, moment: number | null) =>
  history.filter(({ at }) => moment === null || Date.parse(at) <= moment).slice(-EVENTS);
