const MASK = '•••';

/** Shapes in which secrets stand in logs; what is kept around them stays readable. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, MASK],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/]+@/gi, `$1${MASK}@`],
  [/\b(authorization["']?\s*[:=]\s*["']?)(?:(?:bearer|basic|token)\s+)?[^\s"',;]+/gi, `$1${MASK}`],
  [/\b(bearer|basic)\s+[a-z0-9._~+/=-]{8,}/gi, `$1 ${MASK}`],
  [
    /((?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|auth|credentials?|cookie|macaroon|mnemonic|seed|rpcpassword)["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;&"']+)/gi,
    `$1${MASK}`,
  ],
  // Words of a seed: all that follows on the line.
  [/\b((?:mnemonic|seed)(?:[ _-]?(?:phrase|words?))?["']?\s*[:=]\s*).+/gi, `$1${MASK}`],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, MASK],
  [/\b(?:whsec_|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk-|sk_live_|rk_live_|AKIA)[\w+/=-]{8,}/g, MASK],
  [/\b[xyztuv]prv[1-9A-HJ-NP-Za-km-z]{20,}/g, MASK],
  // Longer than a hash: macaroons and the like. Block and transaction hashes stay readable.
  [/\b[0-9a-f]{80,}\b/gi, MASK],
  // Base64 of keys and macaroons. Hashes and addresses are of one case, so they stay.
  [/(?<![\w+/=-])(?=[\w+/-]*[a-z])(?=[\w+/-]*[A-Z])(?=[\w+/-]*\d)[\w+/-]{60,}={0,2}/g, MASK],
];

/** Replaces what looks like a password, token or key. A line of a log stays a line. */
export function maskSecrets(text: string): string {
  return SHAPES.reduce((masked, [shape, replacement]) => masked.replaceAll(shape, replacement), text);
}
