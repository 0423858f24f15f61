import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { asSentence, readable, readableLines, stackOf } from '../../src/common/text/index.js';
import { MORE_SHAPES, SHAPES_THAT_GOT_OUT } from './secret-shapes.js';

const ALL = [...SHAPES_THAT_GOT_OUT, ...MORE_SHAPES].map((shape) => ({
  ...shape,
  parts: [shape.secret].flat(),
}));

describe('a secret is not shown', () => {
  it.each(ALL)('$kind: $text', ({ parts, text }) => {
    const shown = readable(text, 10_000);
    for (const part of parts) expect(shown).not.toContain(part);
    expect(readable(shown, 10_000)).toBe(shown);
  });

  it.each(ALL)('nor in a log around it, $kind: $text', ({ parts, text }) => {
    const lines = ['listening on port 8080', ...text.split('\n'), 'exited with code 1'];
    const shown = readableLines(lines, 10_000);
    for (const part of parts) expect(shown.join('\n')).not.toContain(part);
    expect([shown[0], shown.at(-1)]).toEqual(['listening on port 8080', 'exited with code 1']);
  });
});

describe('what is around a secret stays readable', () => {
  it.each([
    ['connecting to postgres://btcpay:s3cr3t@db:5432/btcpay', 'connecting to postgres://•••@db:5432/btcpay'],
    ['redis://:p@ss@redis:6379', 'redis://•••@redis:6379'],
    ['password=hunter2', 'password=•••'],
    ['--rpcpassword=hunter2 --rpcuser=me', '--rpcpassword=••• --rpcuser=me'],
    ['{"password": "hunter2 and more", "user": "me"}', '{"password": •••, "user": "me"}'],
    ['{"password": "ab\\"cd", "user": "me"}', '{"password": •••, "user": "me"}'],
    [
      '{"msg":"{\\"password\\":\\"x1\\",\\"user\\":\\"me\\"}"}',
      '{"msg":"{\\"password\\":•••,\\"user\\":\\"me\\"}"}',
    ],
    ["DB_PASSWORD: 'hunter2'", 'DB_PASSWORD: •••'],
    ['api_key: abcdef', 'api_key: •••'],
    ['GET /?token=abcdef&x=1', 'GET /?token=•••&x=1'],
    ['Authorization: Bearer abc.def', 'Authorization: •••'],
    ["curl -H 'Cookie: a=b; c=d' https://example.org", "curl -H 'Cookie: •••' https://example.org"],
    ['sent bearer abcdefghijkl', 'sent bearer •••'],
    ['mnemonic: abandon ability able about above', 'mnemonic: •••'],
    ['seed phrase = abandon ability able', 'seed phrase = •••'],
    ['<user>me</user><password>x y</password>', '<user>me</user><password>•••</password>'],
    ['mysql -u root -phunter2 app', 'mysql -u root -p••• app'],
    ["CREATE USER a IDENTIFIED BY 'x' ACCOUNT LOCK", 'CREATE USER a IDENTIFIED BY ••• ACCOUNT LOCK'],
    ['root:hunter2@tcp(127.0.0.1:3306)/db', 'root:•••@tcp(127.0.0.1:3306)/db'],
    ['password=abc, user=me; secret=bcd', 'password=•••, user=me; secret=•••'],
  ])('%s', (text, shown) => expect(readable(text, 1_000)).toBe(shown));
});

describe('what programs write every day stays as it is', () => {
  const lines = readFileSync(path.join(import.meta.dirname, 'ordinary-lines.txt'), 'utf8')
    .trimEnd()
    .split('\n');

  it('line by line', () => {
    expect(lines.length).toBeGreaterThan(500);
    expect(lines.filter((line) => readable(line, 10_000) !== line)).toEqual([]);
  });

  it('and as one log', () => {
    expect(readableLines(lines, 10_000)).toEqual(lines);
  });
});

describe('any text takes little work', () => {
  const KILOBYTES_64 = 65_536;
  const filled = (text: string): string =>
    text.repeat(Math.ceil(KILOBYTES_64 / text.length)).slice(0, KILOBYTES_64);

  it.each(
    [
      ...[
        'a-',
        'a.',
        'a1',
        'pass',
        'pass-',
        'password[',
        'wallet.unlock(',
        'echo a',
        'sudo <<<',
        'senha: ',
        'mot de ',
        'password ',
        'password=',
        'password: ',
        'password="',
        'password=\\"',
      ],
      ...[
        `password='\\"`,
        'password\t',
        '{password,',
        '("password",',
        '<password>',
        '<password ',
        '<a:password x="',
      ],
      ...[
        'password:\n  ',
        'password: |\n a\n',
        '--token ',
        'cookie: "',
        'authorization:',
        'AUTH ',
        'basic ',
        'bearer ',
      ],
      ...[
        '"',
        "'",
        '`',
        '\\',
        '\\"',
        '=',
        ':',
        '&',
        ',a',
        '://',
        '://a:',
        'a:b@',
        '@',
        '?code=',
        '[',
        '(',
        '<',
        '%26',
      ],
      ...[
        '-----BEGIN PRIVATE KEY-----',
        '-----END PRIVATE KEY-----\n',
        `${'a'.repeat(64)}\n`,
        'aB3',
        '0a',
        '$2y$',
      ],
      ...[
        'abandon ',
        '1. abandon ',
        '1. abandon\n',
        'mysql ',
        'mysql -p ',
        'curl -u ',
        'insert into a(password',
        'user on ',
      ],
      ...[
        'IDENTIFIED BY ',
        'login a ',
        'eyJaaaaaaaa.',
        'xoxb-',
        'sk-',
        '\n',
        ' ',
        '\t',
        '\u001b[',
        '\u001b]',
        '\ud800',
      ],
      ...['\u200b', 'token is ', 'secret: \n'],
    ].map((text) => [JSON.stringify(text), text] as const),
  )('64 kB of %s', (_, text) => {
    const began = process.cpuUsage();
    readable(filled(text), 1_000);
    readableLines(filled(text).split('\n'), 500);
    // Of the processor, so that a busy machine fails nothing; what goes back and forth takes minutes.
    expect(process.cpuUsage(began).user / 1_000).toBeLessThan(1_000);
  });

  it('of 10 MB the beginning is read, at the end of a line', () => {
    const text = `${'first\n'.repeat(1_000)}${'x'.repeat(10_000_000)}`;
    expect(readable(text, 100_000)).toBe('first\n'.repeat(1_000).trimEnd());
  });

  it('of a long log the last lines are read', () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => `line ${index}`);
    const shown = readableLines(lines, 500);
    expect(shown.at(-1)).toBe('line 99999');
    expect(shown.length).toBeLessThan(10_000);
    expect(readableLines(['x'.repeat(100_000)], 500)).toEqual([`${'x'.repeat(500)}…`]);
    expect(readableLines([], 500)).toEqual([]);
  });
});

describe('a text from outside', () => {
  it('is masked before it is cut, since a cut could hide what a secret is', () => {
    expect(readable(`postgres://u:${'p'.repeat(50)}@db`, 30)).toBe('postgres://•••@db');
    expect(readableLines([`postgres://u:${'p'.repeat(50)}@db`], 30)).toEqual(['postgres://•••@db']);
  });

  it('keeps lines and tabs, and nothing else that does not show', () => {
    expect(readable('\u001b[31ma\u001b[0m\u0007\tb\r\nc\u200b\u202e\u2066d\u00ad\u2028e', 100)).toBe(
      'a\tb\ncd\ne',
    );
    expect(readable('\u001b]8;;https://example.org\u0007link\u001b]8;;\u0007', 100)).toBe('link');
  });

  it('has no half of a surrogate pair, neither from the start nor by being cut', () => {
    expect(readable('a\ud800b\udc00c', 100)).toBe('a\ufffdb\ufffdc');
    expect(readable('ab💾c', 3)).toBe('ab…');
    expect(readable('ab💾c', 4)).toBe('ab💾…');
  });

  it('becomes one sentence where people read it', () => {
    expect(asSentence('no such\n file:\t/x')).toBe('no such file: /x.');
    expect(asSentence('Really?')).toBe('Really?');
    expect(asSentence('x'.repeat(5_000)).length).toBeLessThanOrEqual(301);
  });

  it('is masked in the stack of an error, too', () => {
    const stack = stackOf(new Error('connecting to postgres://u:hunter2@db failed'));
    expect(stack).toContain('Error: connecting to postgres://•••@db failed\n    at ');
    expect(stackOf('password=hunter2')).toBe('password=•••');
  });
});
