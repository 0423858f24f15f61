import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { ProbeCredentials } from '../../common/options/index.js';

const MOST_BYTES = 4_096;

/**
 * The header of HTTP's basic authentication (RFC 7617), from what is in the file or the variable now: a server such as
 * bitcoind writes its file anew at each start.
 *
 * @throws Error whose message is a sentence for people that names the file or the variable, and nothing of what is in it
 */
export async function authorizationOf(credentials: ProbeCredentials): Promise<string> {
  const where = 'file' in credentials ? `file ${credentials.file}` : `variable ${credentials.env}`;
  const pair = ('file' in credentials ? await contentOf(credentials.file) : variable(credentials.env)).trim();
  if (Buffer.byteLength(pair) > MOST_BYTES)
    throw new Error(`The ${where} is too long for a user:password: over ${MOST_BYTES} bytes.`);
  // eslint-disable-next-line no-control-regex -- which no user and no password can hold
  if (!/^[^:\u0000-\u001f]*:[^\u0000-\u001f]*$/.test(pair))
    throw new Error(`The ${where} holds no user:password on one line.`);
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`The variable ${name} is not set, which the probe is to log in with.`);
  return value;
}

async function contentOf(file: string): Promise<string> {
  let handle: FileHandle | undefined;
  try {
    // A pipe would be waited for without end.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MOST_BYTES + 1));
    return buffer.subarray(0, bytesRead).toString('utf8');
  } catch (error) {
    const { code = 'failed' } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`;
    throw new Error(`The file ${file} ${why}, which the probe is to log in with.`, { cause: error });
  } finally {
    await handle?.close();
  }
}
