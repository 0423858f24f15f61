import type { HealthStatus } from '../../common/events/index.js';
import { lookAt } from '../api/look-at.js';
import { EXIT, type ExitCode } from '../cli-error.js';
import type { Command } from '../command.js';
import { isSomethingWrong, overviewLines } from '../overview.js';
import { jsonOf } from '../terminal/output.js';

export const status: Command = {
  synopsis: 'status',
  does: 'counts, engine, what is not healthy and why, open incidents; ends with 1 while something is wrong',
  options: { json: { type: 'boolean' } },
  operands: [0, 0],
  async run({ options, api, output }) {
    const client = api();
    if (options['json'] === true) {
      const status = await client.status();
      output.print(jsonOf(status));
      return endOf(status);
    }
    const overview = await lookAt(client);
    for (const line of overviewLines(overview, Date.now(), output.paint)) output.print(line);
    return endOf(overview.status);
  },
};

const endOf = (status: HealthStatus): ExitCode => (isSomethingWrong(status) ? EXIT.wrong : EXIT.done);
