import { referenceOf } from '../../common/reference/index.js';
import type { ActName } from '../api/api-client.js';
import { EXIT } from '../cli-error.js';
import type { Call, Command } from '../command.js';
import { jsonOf } from '../terminal/output.js';
import { oneLine } from '../terminal/text.js';

export const start = plainAct('start', 'starts it and wishes it running');
export const stop = plainAct('stop', 'stops it and leaves it off until somebody starts it');
export const restart = plainAct('restart', 'restarts it, with its own stop timeout');
export const release = plainAct('release', 'ends a hold');
export const retry = plainAct(
  'retry',
  'forgets failed attempts; starts it at once if it is down and wished running',
);

function plainAct(act: ActName, does: string): Command {
  return {
    synopsis: `${act} NAME`,
    does,
    options: { json: { type: 'boolean' } },
    operands: [1, 1],
    run: (call) => doAct(call, act),
  };
}

/** Does it, and tells how the container then is. */
export async function doAct(
  { operands: [name = ''], options, api, output }: Call,
  act: ActName,
  body?: object,
): Promise<typeof EXIT.done> {
  const view = await api().act(name, act, body);
  output.print(
    options['json'] === true
      ? jsonOf(view)
      : `${oneLine(referenceOf(view))} is ${oneLine(view.status)}: ${oneLine(view.decision.reason)}`,
  );
  return EXIT.done;
}
