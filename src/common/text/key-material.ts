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
const FULL_LINE = /(?:^|[\s|>:"'])(?![\da-f]+$)(?:[A-Za-z0-9+/]{64}|[A-Za-z0-9+/]{70}|[A-Za-z0-9+/]{76})$/;
/** The longest of them, and what stands before it. */
const MOST_OF_FULL_LINE = 77;

/** Hides private keys in files' own shape, also when the log begins or ends amid one. */
export function maskKeyMaterial(text: string): string {
  const whole = text.replaceAll(PRIVATE_KEY, MASK);
  const lines = whole.split('\n');
  return lines.some(isFull) || whole.includes('-----END ') ? maskLines(lines) : whole;
}

const isFull = (line: string): boolean =>
  line.length >= 64 && FULL_LINE.test(line.trimEnd().slice(-MOST_OF_FULL_LINE));

/** Lines before an end without a beginning, and two or more full lines that follow each other. */
function maskLines(lines: readonly string[]): string {
  const hidden = new Set<number>();
  lines.forEach((line, index) => {
    if (END_OF_PRIVATE_KEY.test(line)) {
      hidden.add(index);
      let above = index - 1;
      if (above >= 0 && BASE64_END.test(lines[above]!)) hidden.add(above--);
      while (above >= 0 && BASE64_LINE.test(lines[above]!)) hidden.add(above--);
    } else if (isFull(line) && (hidden.has(index - 1) || isFull(lines[index + 1] ?? ''))) {
      hidden.add(index);
      const next = lines[index + 1] ?? '';
      if (!isFull(next) && /[A-Za-z0-9+/]{2,}={1,2}\s*$/.test(next) && BASE64_END.test(next))
        hidden.add(index + 1);
    }
  });
  return lines
    .flatMap((line, index) => (!hidden.has(index) ? [line] : hidden.has(index - 1) ? [] : [MASK]))
    .join('\n');
}
