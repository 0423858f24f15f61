import { CliError, EXIT } from '../cli-error.js';
import type { Command } from '../command.js';
import { durationMs } from '../duration.js';
import { doAct } from './plain-acts.js';

export const hold: Command = {
  synopsis: 'hold NAME --reason TEXT [--for 2h]',
  does: `keeps the monitor's hands off it, for so long (90s, 30m, 2h, 1d) or, without that, until it is released; a
second hold takes the place of the first`,
  options: { reason: { type: 'string' }, for: { type: 'string' }, json: { type: 'boolean' } },
  operands: [1, 1],
  async run(call) {
    const { reason, for: duration } = call.options;
    if (typeof reason !== 'string')
      throw new CliError('Say why, for whoever wonders: --reason backup.', EXIT.badUse);
    const forMs = typeof duration === 'string' ? { forMs: durationMs(duration) } : {};
    return doAct(call, 'hold', { reason, ...forMs });
  },
};
