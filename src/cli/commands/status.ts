import { EXIT } from '../cli-error.js';
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
    const status = await client.status();
    if (options['json'] === true) {
      output.print(jsonOf(status));
    } else {
      const [containers, externals, incidents] = await Promise.all([
        client.containers(),
        client.externals(),
        client.openIncidents(),
      ]);
      const overview = { status, containers, externals, incidents };
      for (const line of overviewLines(overview, Date.now(), output.paint)) output.print(line);
    }
    return isSomethingWrong(status) ? EXIT.wrong : EXIT.done;
  },
};
