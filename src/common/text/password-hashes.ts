import { MASK } from './mask.js';

/** What passwords are kept as. Compose writes each dollar twice. */
const HASHES = new RegExp(
  [
    // https://man.archlinux.org/man/crypt.5 https://github.com/P-H-C/phc-string-format
    /\${1,2}(?:2[abxy]|[156y]|apr1|argon2(?:id?|d)|scrypt|7|pbkdf2[\w-]{0,16}|bcrypt-sha256)\${1,2}[\w./+=,$-]{16,}/,
    // https://datatracker.ietf.org/doc/html/rfc5803
    /\bSCRAM-SHA-(?:1|256|512)\$\d{1,8}:[\w+/=]{8,}\$[\w+/=]{16,}:[\w+/=]{16,}/,
    // https://datatracker.ietf.org/doc/html/rfc2307
    /\{(?:S?SHA\d{0,3}|SMD5|CRYPT|PBKDF2[\w-]{0,12}|ARGON2)\}[\w+/=$.,-]{16,}/,
    // https://docs.djangoproject.com/en/stable/topics/auth/passwords/
    /\b(?:pbkdf2_sha\d{1,3}|scrypt|argon2)\$\d{1,8}\$\w{4,}\$[\w+/=]{16,}/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

/** Hides what passwords are kept as, before a name can hide the half of it: the other half would tell nobody what it is. */
export const maskPasswordHashes = (text: string): string =>
  /[$}]/.test(text) ? text.replaceAll(HASHES, MASK) : text;
