import { MASK } from './mask.js';
import { isOrdinary, looksGenerated } from './ordinary-values.js';

const SUBJECT = String.raw`\b(?:pass(?:word|phrase|code|wd)|secret|token|(?:api|access|secret|private|recovery|unseal|encryption) (?:key|code))s?\b`;
const VALUE = String.raw`["'\x60]?)([^\s"'\x60]{6,512})`;
/** `A temporary password is generated for root@localhost: …`; below an empty line, too, as Jenkins tells its first one. */
const BEHIND_COLON = new RegExp(
  String.raw`(${SUBJECT}[^\n:='"]{0,80}:[ \t]{0,8}\n?\n?[ \t]{0,16}${VALUE}`,
  'gi',
);
/** `The token for this run is …` */
const BEHIND_IS = new RegExp(
  String.raw`(${SUBJECT}[^\n:='"]{0,40}\b(?:is|was|to|as)[ \t]{1,4}${VALUE}`,
  'gi',
);
/** RFC 7617. */
const BASIC = /\b(basic[ \t]+)([A-Za-z0-9+/]{8,1024}={0,2})(?![\w+/=-])/gi;
/** RFC 6750. */
const BEARER = /\b(bearer[ \t]+)(?!auth|token|cred|scheme|error|realm|header)([\w.~+/-]{8,4096}={0,2})/gi;

/** Hides what a sentence says is a secret, where it does not look like a word. */
export function maskSentences(text: string): string {
  return text
    .replaceAll(BEHIND_COLON, unlessWord)
    .replaceAll(BEHIND_IS, unlessWord)
    .replaceAll(BASIC, (whole, before: string, value: string) => (isPair(value) ? `${before}${MASK}` : whole))
    .replaceAll(BEARER, `$1${MASK}`);
}

const unlessWord = (whole: string, before: string, value: string): string =>
  isOrdinary(value) || !looksGenerated(value) || /^[a-z]+=\d/.test(value) ? whole : `${before}${MASK}`;

/** The base64 of `user:password`. */
const isPair = (base64: string): boolean =>
  /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(Buffer.from(base64, 'base64').toString('latin1'));
