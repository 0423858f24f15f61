import { MASK } from './mask.js';

/** RFC 7468: a private key between its two lines, on several lines or, in JSON, on one; to the end where that is missing. */
const PRIVATE_KEY =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g;
const END_OF_PRIVATE_KEY = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
/** A line of base64 as such files have it, behind what a logger may have put before it. */
const BASE64_LINE = /^(.{0,60}?[\s|>:"']|)[A-Za-z0-9+/]{16,}={0,2}\s*$/;
/** The last line of base64 may be as short as this. */
const BASE64_END = /^(.{0,60}?[\s|>:"']|)[A-Za-z0-9+/]{2,}={0,2}\s*$/;
/** RFC 7468 breaks them at 64 characters, OpenSSH at 70, RFC 2045 at 76. A digest in hex is as long as the first. */
const FULL_LINE =
  /(?:^|[\s|>:"'])(?![\da-f]+\s*$)(?:[A-Za-z0-9+/]{64}|[A-Za-z0-9+/]{70}|[A-Za-z0-9+/]{76})\s*$/;

/** Hides private keys in files' own shape, also when the log begins or ends amid one. */
export function maskKeyMaterial(text: string): string {
  const whole = text.replaceAll(PRIVATE_KEY, MASK);
  return FULL_LINE_ANYWHERE.test(whole) || whole.includes('-----END ') ? maskLines(whole) : whole;
}

const FULL_LINE_ANYWHERE = /[A-Za-z0-9+/]{64}/;

/** Lines before an end without a beginning, and two or more full lines that follow each other. */
function maskLines(text: string): string {
  const lines = text.split('\n');
  const hidden = new Set<number>();
  lines.forEach((line, index) => {
    if (END_OF_PRIVATE_KEY.test(line)) {
      hidden.add(index);
      let above = index - 1;
      if (above >= 0 && BASE64_END.test(lines[above]!)) hidden.add(above--);
      while (above >= 0 && BASE64_LINE.test(lines[above]!)) hidden.add(above--);
    } else if (FULL_LINE.test(line) && (hidden.has(index - 1) || FULL_LINE.test(lines[index + 1] ?? ''))) {
      hidden.add(index);
      const next = lines[index + 1] ?? '';
      if (!FULL_LINE.test(next) && /[A-Za-z0-9+/]{2,}={1,2}\s*$/.test(next) && BASE64_END.test(next))
        hidden.add(index + 1);
    }
  });
  return lines
    .flatMap((line, index) => (!hidden.has(index) ? [line] : hidden.has(index - 1) ? [] : [MASK]))
    .join('\n');
}
