/** A terminal's commands: colours and cursor (`ESC [ … m`), titles and links (`ESC ] … BEL`), and the short ones. */
const TERMINAL =
  // eslint-disable-next-line no-control-regex -- these are what is taken out
  /(?:\u001b\[|\u009b)[0-9;:?<=>]*[ -/]*[@-~]|\u001b\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[ -/]?[0-~]/g;

/**
 * What shows nothing: control characters, those that turn the direction of writing, and those of no width. Lines and
 * tabs stay.
 */
const UNSEEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** Half of a surrogate pair, as a text that was cut ends in one, becomes U+FFFD. */
export const wellFormed = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '\ufffd');

/** Text as it is seen, and no more. Half of a surrogate pair becomes U+FFFD, every end of a line `\n`. */
export function plainText(text: string): string {
  return wellFormed(text)
    .replaceAll(TERMINAL, '')
    .replaceAll(/\r\n|[\u2028\u2029]/g, '\n')
    .replaceAll(UNSEEN, '');
}
