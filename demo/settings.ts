import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';

export interface Settings {
  /** `processes`: a fleet of the demo's own; `podman`: this machine's containers. */
  readonly engine: 'processes' | 'podman';
  /** Whether this machine's containers may be touched. */
  readonly heal: boolean;
  readonly port: number;
  readonly token: string;
}

export const USAGE = `npm run demo [-- --podman [--heal]]

  --podman   show the containers of this machine, and touch nothing
  --heal     with --podman: heal them, too
  --help     print this

  PORT         where to listen on 127.0.0.1; default 3000, 0 for any free port
  DEMO_TOKEN   the token to get in with; default: a new one each time`;

/** Something the person who started the demo can put right. */
export class SettingsError extends Error {}

/**
 * @throws SettingsError with one sentence that says what to write
 * @returns `null` when only the usage is asked for
 */
export function readSettings(args: string[], env: NodeJS.ProcessEnv): Settings | null {
  const { podman, heal, help } = flagsOf(args);
  if (help) return null;
  if (heal && !podman)
    throw new SettingsError('--heal goes with --podman: the demo heals its own fleet anyway.');
  const port = env['PORT'] || '3000';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new SettingsError('PORT must be a whole number from 0 to 65535.');
  }
  const token = env['DEMO_TOKEN'] || randomBytes(24).toString('base64url');
  if (!/^[\w.~+/-]+=*$/.test(token)) {
    throw new SettingsError('DEMO_TOKEN may have letters, digits and - . _ ~ + / in it, and = at its end.');
  }
  return { engine: podman ? 'podman' : 'processes', heal: heal || !podman, port: Number(port), token };
}

function flagsOf(args: string[]): Record<'podman' | 'heal' | 'help', boolean> {
  try {
    const { values } = parseArgs({
      args,
      options: {
        podman: { type: 'boolean', default: false },
        heal: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    throw new SettingsError(`${(error as Error).message.split('.')[0]}. See --help.`);
  }
}
