import { describe, expect, it } from 'vitest';
import { noAnswer } from './no-answer.js';

describe('a connection that brought no answer', () => {
  const kindOf = (code: string) => noAnswer(Object.assign(new Error('x'), { code }), 'app:443').kind;

  it.each([
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])('is no failure of the container where we do not trust it (%s)', (code) => {
    expect(kindOf(code)).toBe('not-yet');
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENOTFOUND', 'CERT_HAS_EXPIRED', 'E_ANY'])(
    'is one otherwise (%s)',
    (code) => expect(kindOf(code)).toBe('failed'),
  );
});
