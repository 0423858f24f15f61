import { describe, expect, it } from 'vitest';
import { aCheck, aContainer, anExited, NOON } from '../../../test/support/situation.js';
import { EVIDENCE_LOG_LINES, evidenceOf } from './evidence.js';
import { maskSecrets } from './mask-secrets.js';
import { asSentence } from './readable-text.js';

describe('secrets in logs are masked', () => {
  it.each([
    ['connecting to postgres://btcpay:s3cr3t@db:5432/btcpay', 'connecting to postgres://•••@db:5432/btcpay'],
    ['redis://:p@ss@redis:6379', 'redis://•••@redis:6379'],
    ['password=hunter2', 'password=•••'],
    ['--rpcpassword=hunter2 --rpcuser=me', '--rpcpassword=••• --rpcuser=me'],
    ['{"password": "hunter2 and more", "user": "me"}', '{"password": •••, "user": "me"}'],
    ["DB_PASSWORD: 'hunter2'", 'DB_PASSWORD: •••'],
    ['POSTGRES_PASSWORD=hunter2', 'POSTGRES_PASSWORD=•••'],
    ['api_key: abcdef', 'api_key: •••'],
    ['GET /?token=abcdef&x=1', 'GET /?token=•••&x=1'],
    ['Authorization: Bearer abc.def', 'Authorization: •••'],
    ['sent bearer abcdefghijkl', 'sent bearer •••'],
    ['mnemonic: abandon ability able about above', 'mnemonic: •••'],
    ['seed phrase = abandon ability able', 'seed phrase = •••'],
    ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc', 'jwt •••'],
    ['whsec_C2FVsBQIhrscChlQIMV', '•••'],
    ['token ghp_abcdefghijklmnop', 'token •••'],
    [
      'xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi',
      '•••',
    ],
    [`macaroon 0201036c6e6402${'ab'.repeat(60)}`, 'macaroon •••'],
    ['-----BEGIN RSA PRIVATE KEY----- MIIE -----END RSA PRIVATE KEY-----', '•••'],
    ['MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj', '•••'],
  ])('%s', (line, masked) => expect(maskSecrets(line)).toBe(masked));
});

describe('what is no secret stays', () => {
  it.each([
    'UpdateTip: new best=00000000000000000001d80d14ee4400b6d9c851debe27e6777f3876edd4ad1e height=840000',
    'image sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'bc1p5d7rjq7g6rdk2yhzks9smlaqtedr4dekq08ge8ztwac72sfr9rusxg3297',
    'exited with code 137',
    'http://mempool-api:8999/api/v1/blocks',
    'wrong password',
  ])('%s', (line) => expect(maskSecrets(line)).toBe(line));
});

describe('evidence', () => {
  it('is the last twenty lines, each bounded, on one line, without colours', () => {
    const log = Array.from(
      { length: 50 },
      (_, index) => `\u001b[31mline ${index}\u001b[0m\u0007${'x'.repeat(2_000)}`,
    );
    const evidence = evidenceOf(anExited({ exitCode: 139 }), log, NOON);
    expect(evidence.log).toHaveLength(EVIDENCE_LOG_LINES);
    expect(evidence.log[0]).toMatch(/^line 30x+…$/);
    expect(Math.max(...evidence.log.map((line) => line.length))).toBeLessThanOrEqual(501);
    expect(evidence).toMatchObject({ exitCode: 139, signal: 'SIGSEGV', oomKilled: false, health: null });
  });

  it('masks before it cuts, since a cut could hide what a secret is', () => {
    const evidence = evidenceOf(anExited(), [`${'x'.repeat(480)} password=hunter2hunter2`], NOON);
    expect(evidence.log[0]).not.toContain('hunter2');
  });

  it('of one that is up has no exit, but the words of its check, masked', () => {
    const container = aContainer({ exitCode: 1, healthCheck: aCheck({ lastOutput: 'token=abc refused' }) });
    expect(evidenceOf(container, [], NOON)).toMatchObject({ exitCode: null, health: 'token=••• refused' });
  });

  it('believes the engine that memory was short only together with 137', () => {
    expect(evidenceOf(anExited({ exitCode: 3, oomKilled: true }), [], NOON).oomKilled).toBe(false);
    expect(evidenceOf(anExited({ exitCode: 137, oomKilled: true }), [], NOON).oomKilled).toBe(true);
  });

  it('becomes one sentence where people read it', () => {
    expect(asSentence('no such\n file:\t/x')).toBe('no such file: /x.');
    expect(asSentence('Really?')).toBe('Really?');
    expect(asSentence('x'.repeat(5_000)).length).toBeLessThanOrEqual(301);
  });
});
