import { MASK } from './mask.js';

/** What stands where a secret could, and is none. */
const WORDS: ReadonlySet<string> = new Set(
  (
    'yes no true false null none nil undefined empty set unset missing invalid incorrect wrong expired required ' +
    'optional ok failed failure denied rejected accepted changed unchanged disabled enabled on off default redacted ' +
    'hidden masked omitted filtered removed secret password token string strings stringarray number boolean bool any ' +
    'object array bytes int integer text file path value void never unknown basic bearer digest plain md5 trust peer ' +
    'scram-sha-256 await new this function async return typeof get put post error warning info ' +
    'to or and is in for from on with as if the a an not no has have may must can cannot was were will when which ' +
    'that instead but before after until argument option flag expected found got should used using provided given sent pass passwd user command amd64 arm64 i386 all noarch protected'
  ).split(' '),
);
const PLACEHOLDER =
  /^(?:[*•xX.…-]+|<[^<>]{0,60}>|\[[A-Za-z -]*\]|\$\{?[A-Z_]+\}?|\$\(.*|\{\{.*|%[sdvqr@]|\([a-z -]{0,40}\)?)$/;
/** A call, or a property of something, in a line of a program. */
const CODE =
  /^(?:[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*){0,6}\(|(?:process|os|req|request|this|self|config|options|settings)\.[a-z])/;
const PATH = /^(?:file:\/\/|~?\.{0,2}\/[\w.~/-]|[A-Za-z]:\\)/;

/** Whether a value is a word, a placeholder or a piece of a program. */
export function isOrdinary(value: string): boolean {
  const bare = value.replace(/[.,;:!?)\]}]{1,3}$/, '');
  return (
    bare === '' ||
    bare === MASK ||
    WORDS.has(bare.toLowerCase()) ||
    PLACEHOLDER.test(bare) ||
    CODE.test(value)
  );
}

export const isPath = (value: string): boolean =>
  (PATH.test(value) && !isBase64(value)) || /\.(?:pem|key|crt|cert|ya?ml|json|txt|env)$/.test(value);

/** One in 64 begins with a slash, and has others in it; but no name of a file goes to and fro between its characters so. */
const isBase64 = (value: string): boolean =>
  /^\/[A-Za-z\d+/]{27,}={0,2}$/.test(value) &&
  (/[+=]/.test(value) || value.split('/').some((part) => (part.match(CHANGE_OF_KIND)?.length ?? 0) >= 5));
const CHANGE_OF_KIND = /[a-z](?=[A-Z\d])|[A-Z](?=\d)|\d(?=[A-Za-z])/g;

/** Whether nobody would write it as a word: letters with digits, with capitals amid them, or with signs. */
export function looksGenerated(value: string): boolean {
  if (
    value.length < 6 ||
    isPath(value) ||
    /^[\w.+-]+@[\w-]+\.[\w.]+$|:\/\/|^\d[\d.:,TZ/-]*$|^v?\d{1,4}\.\d/.test(value)
  )
    return false;
  const bare = value.replace(/^["'(]|["').,;:!?]+$/g, '');
  return (
    (/\d/.test(bare) && /[A-Za-z]/.test(bare)) ||
    /[a-z][A-Z]/.test(bare) ||
    /[!#$%^&*+~?]/.test(bare) ||
    /^[A-Za-z]{24,}$/.test(bare)
  );
}
