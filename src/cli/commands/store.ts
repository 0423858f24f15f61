import { CliError, EXIT } from '../cli-error.js';
import type { Command } from '../command.js';

export const store: Command = {
  synopsis: 'store copy FROM TO [--schema NAME]',
  does: `copies all that the app keeps, while it is stopped, from one database to an empty one: each the path of a SQLite file,
or a URL as postgres://USER@HOST/DATABASE, with the password in PGPASSWORD or ~/.pgpass. The schema is health_monitor
unless it is named`,
  options: { schema: { type: 'string', default: 'health_monitor' } },
  operands: [3, 3],
  async run({ operands: [what, from = '', to = ''], options, output }) {
    if (what !== 'copy')
      throw new CliError(`It is: health-monitor ${store.synopsis}. See health-monitor --help.`, EXIT.badUse);
    // The other commands start sooner without what databases take.
    const { copyStore, endAt, CopyFailedError, CopyPlaceError, CopyRefusedError } =
      await import('../../common/store/copy/index.js');
    if (from === to) throw new CliError('FROM and TO are the same place.', EXIT.badUse);
    try {
      const schema = String(options['schema']);
      const copied = await copyStore(await endAt(from, schema), await endAt(to, schema));
      const { documents, events, memorySamples } = copied;
      output.print(
        `Copied to ${to.replace(/:[^:@/]*@/, '@')}. Documents: ${documents}, events: ${events}, memory samples: ${memorySamples}.`,
      );
      return EXIT.done;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error instanceof CopyPlaceError) throw new CliError(error.message, EXIT.badUse);
      if (error instanceof CopyRefusedError) throw new CliError(error.message, EXIT.refused);
      if (error instanceof CopyFailedError) throw new CliError(error.message, EXIT.unreachable);
      throw new CliError(`The copy failed, and nothing was copied: ${error.message}`, EXIT.unreachable);
    }
  },
};
