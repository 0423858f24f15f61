import { MASK } from './mask.js';
import { isOrdinary, isPath, looksGenerated } from './ordinary-values.js';
import { HINT, secrecyOf, type Secrecy } from './secret-names.js';

/**
 * Hides what stands behind the name of a secret: `NAME=…`, `NAME: …`, `"NAME": "…"`, `'NAME' => '…'`, `NAME := …`,
 * `--NAME …`, `<NAME>…</NAME>`, `name="NAME" value="…"`, the block below `NAME: >-`, and each of these inside of JSON
 * that is a string in JSON.
 *
 * Each name is read once, each value is skipped, and nothing is looked for beyond its line twice: so it takes time in
 * proportion to the text's length.
 */
export function maskNamedValues(text: string): string {
  let masked = '';
  let done = 0;
  const hints = new RegExp(HINT);
  const secrecy = remembered(secrecyOf);
  for (let hint = hints.exec(text); hint !== null; hint = hints.exec(text)) {
    const name = nameAround(text, hint.index, done);
    const value = valueOf(text, name, secrecy);
    hints.lastIndex = value?.to ?? name.to;
    if (value === null) continue;
    masked += text.slice(done, value.from) + MASK;
    done = value.to;
  }
  return masked + text.slice(done);
}

interface Span {
  readonly from: number;
  readonly to: number;
}

const NAME_CHARACTER = /[\w-]/;

/** The whole name of which a hint was seen. It begins no earlier than `floor`. */
function nameAround(text: string, at: number, floor: number): Span {
  let from = at;
  let to = at;
  while (from > floor && NAME_CHARACTER.test(text.charAt(from - 1))) from--;
  while (to < text.length && NAME_CHARACTER.test(text.charAt(to))) to++;
  return { from, to };
}

type SecrecyOf = typeof secrecyOf;

/** A text has few names, again and again. */
function remembered(secrecy: SecrecyOf): SecrecyOf {
  const known = new Map<string, Secrecy | null>();
  return (name, before) => {
    const key = `${before} ${name}`;
    let answer = known.get(key);
    if (answer === undefined) known.set(key, (answer = secrecy(name, before)));
    return answer;
  };
}

function valueOf(text: string, name: Span, secrecyOf: SecrecyOf): Span | null {
  const word = text.slice(name.from, name.to);
  const before =
    /(?:^|[^\w-])([A-Za-z]{2,12}) $/.exec(text.slice(Math.max(0, name.from - 16), name.from))?.[1] ?? '';
  const secrecy = secrecyOf(word, before);
  if (secrecy === null) return null;
  const context: Context = { text, name, secrecy, isFlag: word.startsWith('-'), word };
  for (const form of FORMS) {
    const value = form(context);
    if (value !== null) return value.to > value.from ? value : null;
  }
  return null;
}

interface Context {
  readonly text: string;
  readonly name: Span;
  readonly secrecy: Secrecy;
  readonly isFlag: boolean;
  readonly word: string;
}

/** Each gives the value in one form of writing, an empty one when the form is there but no secret in it. */
type Form = (context: Context) => Span | null;

/** Where `pattern` matches at `at`, else `null`. `pattern` is sticky. */
function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

const nothing = (at: number): Span => ({ from: at, to: at });

// ------------------------------------------------------------------------------------------------------ the forms

const TAG_END = /(?:[ \t][^<>\n]{0,200})?>\s{0,20}(?:<!\[CDATA\[)?/y;
const TAG_TEXT = /[^<\]\n]{1,2048}(?=<\/|\]\]>)/y;

/** `<password>…</password>`, also with attributes, a namespace or CDATA. */
const inTag: Form = ({ text, name }) => {
  if (!/<(?:\w{1,20}:)?$/.test(text.slice(Math.max(0, name.from - 22), name.from))) return null;
  const end = matchAt(TAG_END, text, name.to);
  if (end === null) return null;
  const from = name.to + end[0].length;
  const value = matchAt(TAG_TEXT, text, from);
  return value === null || isOrdinary(value[0].trim()) ? nothing(from) : { from, to: from + value[0].length };
};

const NAME_END = /(?:\\{0,8}["'`]|&quot;|%22)?[\])]{0,2}/y;
const OF_PAIR =
  /[ \t]{0,8}[,;]?\s{0,60}(?:-[ \t])?(?:\\{0,8}["']|&quot;)?(?:value|val)(?:\\{0,8}["']|&quot;)?[ \t]{0,8}[:=][ \t]{0,8}/iy;

/** `name: NAME`, `value: …`: as variables of an environment and properties are listed. */
const asPair: Form = (context) => {
  const end = endOfName(context);
  const pair = matchAt(OF_PAIR, context.text, end);
  return pair === null ? null : valueFrom(context, end + pair[0].length, 'sign');
};

const BLOCK = /[ \t]{0,8}:[ \t]{0,8}(?:[>|][+-]?\d?[+-]?)?[ \t]{0,8}\n/y;
const NEXT_LINE = /([ \t]*)([^\n]*)/y;
const MOST_LINES = 50;

/** YAML's `NAME: >-`, and `NAME:` with a single word on the next line: its lines are those further in. */
const asBlock: Form = ({ text, name, secrecy }) => {
  const head = matchAt(BLOCK, text, matchEnd(NAME_END, text, name.to));
  if (head === null) return null;
  const indent = /^[ \t]*/.exec(lineBefore(text, name.from))![0].length;
  const isMarked = /[>|]/.test(head[0]);
  const from = head.index + head[0].length;
  let to = from;
  for (let lines = 0; lines < MOST_LINES && to < text.length; lines++) {
    const [line = '', blanks = '', words = ''] = matchAt(NEXT_LINE, text, to) ?? [];
    const isFirst = to === from;
    if (!isFirst && blanks.length <= indent) break;
    if (!isMarked && (blanks.length <= indent || !isSingleValue(words, secrecy))) break;
    to += line.length + 1;
    if (!isMarked) break;
  }
  return to === from ? nothing(from) : { from, to: Math.min(to - 1, text.length) };
};

function isSingleValue(words: string, secrecy: Secrecy): boolean {
  if (secrecy === 'line') return words !== '';
  const value = words.replace(/^- /, '');
  return (
    /^\S+$/.test(value) &&
    !/[:{[]$/.test(value) &&
    !isOrdinary(value) &&
    (secrecy === 'certain' || looksGenerated(value))
  );
}

/** What stands in front of a name on its line, at most 200 characters. */
function lineBefore(text: string, at: number): string {
  const before = text.slice(Math.max(0, at - 200), at);
  return before.slice(before.lastIndexOf('\n') + 1);
}

const SIGN = /[ \t]{0,60}(?::=|=>|->|={1,3}|\?=|:(?!:)|%3[dD])[ \t]{0,60}/y;

/** `NAME=…`, `NAME: …`, `NAME => …`, `NAME := …`, the name in quotes or brackets or not. */
const behindSign: Form = (context) => {
  const end = endOfName(context);
  const sign = matchAt(SIGN, context.text, end);
  if (sign === null) return null;
  const from = end + sign[0].length;
  if (/[=-]>/.test(sign[0]) && !QUOTE_AHEAD.test(context.text.slice(from, from + 16))) return nothing(end);
  return valueFrom(context, from, sign[0].includes('=') || sign[0].includes('%') ? 'sign' : 'colon');
};

const QUOTE_AHEAD = /^(?:[A-Za-z]{1,12}\()?[bBuUrRf]?(?:\\{0,8}["'`]|&quot;)/;
const BRACKETS = /\[([^\s"'`[\]]{6,512})\]/y;

/** `password[…]`, as some loggers have it; what is in several of something is a place in it. */
const inBrackets: Form = (context) => {
  const { text, name, secrecy, word } = context;
  if (secrecy !== 'certain' || /s$/i.test(word)) return null;
  const value = matchAt(BRACKETS, text, name.to)?.[1];
  if (value === undefined || !isSecret(value, context, 'sign')) return null;
  return { from: name.to + 1, to: name.to + 1 + value.length };
};

const GAP_OF_FLAG = /(?:(?:\\{0,8}["'])?,\s{0,20}(?:\\{0,8}["'])|[ \t](?![ \t-]))/y;

/** `--NAME …`, and `"--NAME", "…"` where arguments are listed. */
const behindFlag: Form = (context) => {
  if (!context.isFlag) return null;
  const gap = matchAt(GAP_OF_FLAG, context.text, context.name.to);
  if (gap === null) return null;
  const quote = /\\{0,8}["']$/.exec(gap[0])?.[0] ?? '';
  return valueFrom(context, context.name.to + gap[0].length - quote.length, 'flag');
};

const GAP_OF_CALL = /(?:\\{0,8}["'])?,\s{0,20}(?=(?:<<)?\\{0,8}["'])(?:<<)?/y;

/** `define('NAME', '…')`, `{NAME, "…"}`. */
const inCall: Form = (context) => {
  const { text, name } = context;
  if (!/[({]\\{0,8}["']?$/.test(text.slice(Math.max(0, name.from - 10), name.from))) return null;
  const gap = matchAt(GAP_OF_CALL, text, name.to);
  return gap === null ? null : valueFrom(context, name.to + gap[0].length, 'sign');
};

const PASSWORD_QUOTED = /[ \t]{1,20}(?:\([ \t]{0,8})?(?=\\{0,8}['"`])|\([ \t]{0,8}(?=\\{0,8}['"])/y;

/** SQL and sentences: `PASSWORD '…'`, `PASSWORD('…')`. */
const behindNothing: Form = (context) => {
  if (!/passw(?:or)?d$/i.test(context.word)) return null;
  const gap = matchAt(PASSWORD_QUOTED, context.text, context.name.to);
  return gap === null ? null : valueFrom(context, context.name.to + gap[0].length, 'sign');
};

const ALONE_ON_LINE = /[ \t]{1,60}(\S{1,512})[ \t]*(?:\n|$)/y;

/** `requirepass …`, as lines of configuration are: nothing but the name and the value. */
const asLine: Form = ({ text, name, secrecy, word }) => {
  if (secrecy !== 'certain' || !/^[ \t]*$/.test(lineBefore(text, name.from))) return null;
  const rest = matchAt(ALONE_ON_LINE, text, name.to);
  const value = rest?.[1];
  if (!rest || value === undefined) return null;
  const isPlainWord = /^(?:pass(?:word|phrase|code)s?|secrets?|credentials|macaroon)$/i.test(word);
  if (isOrdinary(value) || isPath(value) || value.includes('://') || (isPlainWord && !looksGenerated(value)))
    return null;
  const from = name.to + rest[0].indexOf(value);
  return { from, to: from + value.length };
};

const FORMS: readonly Form[] = [
  inTag,
  asBlock,
  behindSign,
  inBrackets,
  asPair,
  behindFlag,
  inCall,
  behindNothing,
  asLine,
];

const matchEnd = (pattern: RegExp, text: string, at: number): number =>
  at + (matchAt(pattern, text, at)?.[0].length ?? 0);
const endOfName = ({ text, name }: Context): number => matchEnd(NAME_END, text, name.to);

// ----------------------------------------------------------------------------------------------------- the values

type Before = 'sign' | 'colon' | 'flag';

/** In Rust and Go: `Some("…")`, `String("…")`; in Python `b'…'`. */
const OPENING = /(?:[A-Za-z]{1,12}\(|\[)?[bBuUrRf]?(\\{0,8})(["'`]|&quot;|%22)/y;

const IS_MASKED = new RegExp(`^${MASK}(?!\\w)`);

/** The value that begins at `from`. */
function valueFrom(context: Context, from: number, before: Before): Span {
  const { text } = context;
  if (IS_MASKED.test(text.slice(from, from + MASK.length + 1))) return nothing(from);
  const opening = matchAt(OPENING, text, from);
  if (opening === null) return bareValue(context, from, before);
  const start = from + opening[0].length;
  const end = endOfQuoted(text, start, opening[1]!.length, opening[2]!);
  const content = text.slice(start, end.from);
  return isSecret(content, context, before) ? { from, to: end.to } : nothing(from);
}

/**
 * Where a text in quotes ends, without and with the closing quote. A quote that is escaped `depth` times, as by
 * JSON in JSON, is closed by one that is escaped as often; a quote that is escaped less closes what is around it. Without
 * an end, all of the line is the text: it may have been cut off.
 */
function endOfQuoted(text: string, start: number, depth: number, quote: string): Span {
  if (quote.length > 1) {
    const line = text.indexOf('\n', start);
    const close = text.slice(start, start + MOST_ENCODED).indexOf(quote);
    const to = close < 0 ? (line < 0 ? text.length : line) : start + close;
    return { from: to, to: close < 0 ? to : to + quote.length };
  }
  const marks = /(\\*)(["'`])|\n/g;
  marks.lastIndex = start;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    const [whole, slashes = '', found] = mark;
    if (found === undefined) return nothing(mark.index);
    if (found !== quote) continue;
    const count = slashes.length;
    if (count % (2 * (depth + 1)) === depth)
      return { from: mark.index + count - depth, to: mark.index + whole.length };
    if (count < depth) return nothing(mark.index);
  }
  return nothing(text.length);
}

const MOST_ENCODED = 4_096;

/**
 * All up to a blank. A comma, a semicolon, an ampersand, a quote or a bracket belong to it, unless they end it: what
 * follows is another name, or no text.
 */
const BARE =
  /(?:[^\s,;&"'`<)\]}%]|[,;&](?!\s|$|["'\\)\]}]|[\w.-]{1,40}["']?[=:])|["'`)\]}](?![\s,;:&.)\]}"'`]|$)|<(?!\/)|%(?!26|22))*/my;
const REST_OF_LINE = /[^\n]*/y;
/** A value of several words, as configuration has it: no further name follows. */
const MORE_WORDS = /[ \t][^\n:=,;"'#()]{1,200}$/my;

function bareValue(context: Context, from: number, before: Before): Span {
  const { text, secrecy, name } = context;
  if (secrecy === 'line' && before !== 'flag') return restOfLine(context, from);
  if (before === 'sign') {
    const to = endOfQuotedPair(text, name, from);
    if (to !== null && isSecret(text.slice(from, to), context, before)) return { from, to };
  }
  const value = matchAt(BARE, text, from)?.[0] ?? '';
  if (!isSecret(value, context, before)) return nothing(from);
  const to = from + value.replace(/[.…]+$/, '').length;
  const isConfiguration =
    secrecy === 'certain' &&
    before !== 'flag' &&
    text.charAt(from - 1) === ' ' &&
    /^[ \t]*$/.test(lineBefore(text, name.from));
  const more = isConfiguration ? (matchAt(MORE_WORDS, text, from + value.length)?.[0].length ?? 0) : 0;
  return { from, to: more > 0 ? from + value.length + more : to };
}

/** Where the value of `"NAME=…"` ends, as arguments and variables are listed; `null`: that holds more than one name. */
function endOfQuotedPair(text: string, name: Span, from: number): number | null {
  const opening = /(?<!\\)(\\{0,8})(["'])$/.exec(text.slice(Math.max(0, name.from - 10), name.from));
  if (opening === null || from !== name.to + 1) return null;
  const to = endOfQuoted(text, from, opening[1]!.length, opening[2]!).from;
  const value = text.slice(from, to);
  return value.includes(' ') && !value.includes('=') && /^\\{0,8}["']/.test(text.slice(to, to + 9))
    ? to
    : null;
}

/** RFC 9110: what a header of credentials begins with. */
const SCHEME = /^(?:basic|bearer|digest|token|negotiate)$/i;

/** Up to the quote in which the whole header stands, if it does. */
function restOfLine({ text, name }: Context, from: number): Span {
  const [line = ''] = matchAt(REST_OF_LINE, text, from) ?? [];
  const around = /["'`]/.exec(text.charAt(name.from - 1))?.[0];
  const close = around === undefined ? -1 : line.search(around === '"' ? /\\*"/ : around === "'" ? /'/ : /`/);
  const ended = close < 0 ? line : line.slice(0, close);
  const value = ended.trim();
  const [first = '', second = ''] = value.split(' ', 2);
  const isWords = isOrdinary(first) && (!SCHEME.test(first) || isOrdinary(second) || /^auth/i.test(second));
  return value === '' || isWords ? nothing(from) : { from, to: from + ended.trimEnd().length };
}

function isSecret(value: string, { secrecy, word, isFlag }: Context, before: Before): boolean {
  if (isOrdinary(value) || (value.startsWith('//') && isPath(value))) return false;
  if (/^-?\d{1,3}(?:[.,%]|$)/.test(value) && secrecy !== 'certain') return false;
  if (/s$/i.test(word) && !/pass$/i.test(word) && /^\d{1,6}$/.test(value)) return false;
  if (
    isPath(value) &&
    (/(?:pwd|key|keys|macaroon|auth|pass|cred|credentials|secret|secrets|token)$/i.test(word) ||
      secrecy !== 'certain')
  )
    return false;
  switch (secrecy) {
    case 'certain':
      return true;
    case 'line':
      return before !== 'flag' || value.includes('=') || looksGenerated(value);
    case 'likely':
      return (
        (before !== 'colon' && (isFlag || !/^auth$/i.test(word))) ||
        looksGenerated(value) ||
        /^(?:pin|otp|totp)$/i.test(word)
      );
    case 'perhaps':
      return looksGenerated(value) && value.length >= 12;
  }
}
