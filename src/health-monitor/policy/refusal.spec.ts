import { describe, expect, it } from 'vitest';
import { causeOfRefusal, nextTestAt, noteRefusal } from './refusal.js';
import { NO_HEALING } from './learn/healing.js';

const ID = '0b3d30a3b0b394130dae0468ffed8a8072e34218d84ee919342cef4026686c3e';

describe('the cause of a refused start', () => {
  it.each([
    ['space', 'OCI runtime error: write /run/x/pidfile: no space left on device'],
    ['memory', 'fork/exec /usr/bin/conmon: cannot allocate memory'],
    ['port', 'cannot listen on the TCP port: listen tcp4 :8080: bind: address already in use'],
    ['port', 'driver failed: Bind for 0.0.0.0:80 failed: port is already allocated'],
    ['image', 'db: image not known'],
    ['network', 'netavark: setns: IO error: Operation not permitted'],
  ])('is %s where the engine says "%s"', (cause, words) => {
    expect(causeOfRefusal(words, 'db')).toBe(cause);
  });

  it('is the same for two containers whose words differ in name, id, path and number alone', () => {
    const words = (name: string, path: string) =>
      `container ${name} (${ID}): statfs ${path}: no such file or directory (attempt ${path.length})`;
    const cause = causeOfRefusal(words('db', '/mnt/disk/db'), 'db');
    expect(cause).toBe(causeOfRefusal(words('web', '/mnt/disk/web/data'), 'web'));
    expect(cause).not.toBe(causeOfRefusal('permission denied', 'db'));
  });
});

describe('the next start of one of those refused', () => {
  it('is 10 seconds after the beginning, 30 seconds later, then each minute', () => {
    const seconds = (since: number, latest: number) => nextTestAt(since * 1_000, latest * 1_000) / 1_000;
    expect([seconds(100, 100), seconds(100, 110), seconds(100, 140), seconds(100, 200)]).toEqual([
      110, 140, 200, 260,
    ]);
  });
});

describe('what a start says of refusals', () => {
  it('is kept when it is refused, moves its turn when it is not answered, and is forgotten when it is taken', () => {
    const refused = noteRefusal(NO_HEALING, { kind: 'refused', detail: 'no such image' }, 'db', 5);
    expect(refused.refusal).toEqual({ at: 5, words: 'no such image', cause: 'image' });
    expect(noteRefusal(refused, { kind: 'timed-out', detail: null }, 'db', 9).refusal?.at).toBe(9);
    expect(noteRefusal(refused, { kind: 'void', detail: null }, 'db', 9)).toBe(refused);
    expect(noteRefusal(refused, { kind: 'done', detail: null }, 'db', 9).refusal).toBeNull();
  });
});
