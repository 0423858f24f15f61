import { MASK } from './mask.js';

/** Words of BIP 39 have three to eight letters. https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki */
const NUMBERED = /(?<![\w.])\d{1,2}[.):][ \t]{0,4}[a-z]{3,8}(?![\w.'-])/g;
/** So many numbered words on a line are a row of a table, as LND prints it. */
const ROW = 3;
/** So many lines that each have one numbered word are a table of one column. */
const COLUMN = 8;

const ROW_OF_WORDS = String.raw`[a-z]{3,8}(?:[ ,]{1,3}[a-z]{3,8}){11,24}`;
/** In a row to the end of a line, in quotes, and as a list. */
const IN_ROW: readonly RegExp[] = [
  new RegExp(
    String.raw`(?:^|[:"'=>|[]|\b(?:from|with|using)[ ])[ \t]{0,20}(${ROW_OF_WORDS})(?=["'\]]?[.,]?\s*$)`,
    'gm',
  ),
  new RegExp(String.raw`["'\x60](${ROW_OF_WORDS})(?=\\?["'\x60])`, 'g'),
  /\[\s{0,8}(\\{0,8}["'][a-z]{3,8}\\{0,8}["'](?:,\s{0,8}\\{0,8}["'][a-z]{3,8}\\{0,8}["']){11,24})(?=\s{0,8}\])/g,
];
/** What is said to be one is one of whatever length, and wherever it ends. */
const NAMED = new RegExp(
  String.raw`(\b(?:mnemonic|seed|phrase|words)\b["']?[ \t]{0,4}[:=]?[ \t]{0,4}\\?["']?)${ROW_OF_WORDS}(?![a-z])`,
  'gi',
);
/** A passphrase of words, as programs make it when they are set up. */
const PASSPHRASE = /(\bpassphrase[^\n:]{0,40}:[ \t]{1,4})(?:[a-z]{3,12}[ -]){3,11}[a-z]{3,12}(?=[ \t]*$)/gim;
/** BIP 39 and Aezeed: 12 to 24 words; Monero and Electrum's old ones: 25 and 13. */
const COUNTS: ReadonlySet<number> = new Set([12, 13, 15, 18, 21, 24, 25]);
/** No wallet's word list has them, and hardly a sentence of that length lacks them. */
const OF_SENTENCES =
  /\b(?:the|and|for|from|with|are|was|were|has|have|not|this|that|will|been|into|its|which|what|when|where|then|than|they|there|but|only|also|does|would|should|your)\b/;

/** Hides the words from which a wallet can be made again: numbered in a table, or in a row that is nothing else. */
export function maskSeedWords(text: string): string {
  const named = text.replaceAll(NAMED, `$1${MASK}`).replaceAll(PASSPHRASE, unlessWords);
  const masked = IN_ROW.reduce((known, row) => known.replaceAll(row, unlessSentence), named);
  return maskTable(masked.split('\n')).join('\n');
}

const unlessWords = (whole: string, before: string): string =>
  OF_SENTENCES.test(whole.slice(before.length)) ? whole : `${before}${MASK}`;

const unlessSentence = (whole: string, words: string): string =>
  COUNTS.has(words.split(/[\s,]+/).length) && !OF_SENTENCES.test(words) ? whole.replace(words, MASK) : whole;

function maskTable(lines: readonly string[]): readonly string[] {
  const counts = lines.map((line) => (/\d[.):]/.test(line) ? (line.match(NUMBERED)?.length ?? 0) : 0));
  return lines.map((line, index) =>
    counts[index]! >= ROW || (counts[index] === 1 && columnAt(counts, index) >= COLUMN)
      ? line.replaceAll(NUMBERED, MASK)
      : line,
  );
}

/** How many lines in a row around this one have a single numbered word; no more than needed are counted. */
function columnAt(counts: readonly number[], index: number): number {
  let first = index;
  let last = index;
  while (counts[first - 1] === 1 && index - first < COLUMN) first--;
  while (counts[last + 1] === 1 && last - index < COLUMN) last++;
  return last - first + 1;
}
