import { describe, expect, it } from 'vitest';
import { calledOn, parseReference, referenceFrom, referenceOf, referenceTo } from './reference.js';

describe('a reference to a container', () => {
  it.each([
    [undefined, 'lnd', 'lnd'],
    ['local', 'lnd', 'lnd'],
    ['attic', 'lnd', 'attic/lnd'],
  ])('on the host %j, to %s, is %s', (host, name, reference) => {
    expect(referenceTo(host, name)).toBe(reference);
    expect(referenceOf({ ...(host !== undefined && { host }), name })).toBe(reference);
  });

  it.each([
    ['lnd', null, 'lnd'],
    ['local/lnd', null, 'lnd'],
    ['attic/lnd', 'attic', 'lnd'],
    ['', null, ''],
    ['/lnd', '', 'lnd'],
    ['attic/a/b', 'attic', 'a/b'],
  ])('%j is of the host %j, and the name %j', (reference, host, name) => {
    expect(parseReference(reference)).toEqual({ host, name });
  });

  it.each([
    [null, 'db', 'db', 'db'],
    [null, 'local/db', 'db', 'db'],
    [null, 'attic/db', 'attic/db', 'attic/db'],
    ['attic', 'db', 'db', 'attic/db'],
    ['attic', 'attic/db', 'db', 'attic/db'],
    ['attic', 'local/db', 'local/db', 'db'],
    ['attic', 'nas/db', 'nas/db', 'nas/db'],
  ])(
    'on the host %j, %s is called %s, and that is %s among those of all hosts',
    (host, written, called, of) => {
      expect(calledOn(host, written)).toBe(called);
      expect(referenceFrom(host, called)).toBe(of);
    },
  );
});
