import { describe, expect, it } from 'vitest';
import { OUTPUT_KEPT_BYTES, readExecution } from './execution.js';
import { contentOfFrames } from './log-frames.js';
import { endOf } from './streams.js';

const read = (exitCode: number, ...texts: string[]) =>
  readExecution(exitCode, ...texts.map((text) => Buffer.from(text)));

describe('how a command ended', () => {
  it('is told with the last lines that it wrote, up to 4,000 characters', () => {
    expect(read(3, 'one\n\ntwo\r\n', 'three\n')).toEqual({ exitCode: 3, output: 'one\ntwo\nthree' });
    expect(read(0)).toEqual({ exitCode: 0, output: '' });
    const lines = Array.from({ length: 100 }, (_, index) => `${index} ${'x'.repeat(390)}`);
    const { output } = read(1, lines.join('\n'));
    expect(output.split('\n')).toEqual(lines.slice(-10));
    expect(read(1, 'y'.repeat(5_000)).output).toHaveLength(4_000);
  });

  it('is told without secrets, also where they began before the end that was kept', () => {
    expect(read(1, 'password=hunter2222').output).not.toContain('hunter2222');
    const cut = Buffer.alloc(OUTPUT_KEPT_BYTES, 'hunter2222');
    expect(readExecution(1, cut).output).toBe('');
    expect(readExecution(1, Buffer.concat([cut, Buffer.from('\nlast')]).subarray(5)).output).toBe('last');
  });

  it.each([
    [
      127,
      'Error: runc: exec failed: exec: "nosuch": not found in $PATH: OCI runtime attempted to invoke a command that was not found',
    ],
    [126, 'Error: crun: open executable: Permission denied: OCI permission denied'],
    [
      125,
      'Error: runc: exec failed: exec: "/etc": is a directory: OCI runtime error\nError: read unixpacket: connection reset',
    ],
    [255, 'Error: OCI runtime error: runc: exec failed: exec: "/etc": is a directory'],
  ])('is a refusal with exit %d only where the engine says that it could not run it', (exitCode, words) => {
    expect(() => read(exitCode, words)).toThrow(expect.objectContaining({ kind: 'refused' }) as Error);
    expect(() => read(exitCode, words)).not.toThrow(/^Error: |unixpacket/);
    expect(read(exitCode, 'Error: my own').exitCode).toBe(exitCode);
    expect(read(1, words).exitCode).toBe(1);
  });
});

describe('what a command writes', () => {
  const frame = (text: string, stream = 1) => {
    const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
    header.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([header, Buffer.from(text)]);
  };
  // eslint-disable-next-line @typescript-eslint/require-await -- a stream
  async function* pieces(bytes: Buffer, size: number) {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }

  it.each([1, 3, 8, 1_000])('is read from its frames, cut into pieces of %d bytes', async (size) => {
    const bytes = Buffer.concat([frame('out\n'), frame('', 2), frame('err\n', 2)]);
    expect((await endOf(contentOfFrames(pieces(bytes, size)), 100)).toString()).toBe('out\nerr\n');
  });

  it('is nonsense where it ends amid a frame', async () => {
    const bytes = frame('out\n').subarray(0, -1);
    await expect(endOf(contentOfFrames(pieces(bytes, 4)), 100)).rejects.toMatchObject({ kind: 'nonsense' });
    await expect(endOf(contentOfFrames(pieces(bytes.subarray(0, 5), 4)), 100)).rejects.toMatchObject({
      kind: 'nonsense',
    });
  });

  it('is kept only at its end, however long it is', async () => {
    const bytes = Buffer.from(Array.from({ length: 1_000 }, (_, index) => index % 251));
    for (const size of [1, 7, 100, 5_000])
      expect(await endOf(pieces(bytes, size), 10)).toEqual(bytes.subarray(-10));
  });
});
