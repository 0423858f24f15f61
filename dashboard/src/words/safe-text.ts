/** Longest name shown in a list; the whole of it stands on the container's page. */
export const CLIP_AT = 64;

/** Control, formatting and invisible characters, but tabs and line ends: what can make a text read as another. */
const DECEPTIVE = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * An untrusted text as it may be shown: deceptive characters become visible (`⟨U+202E⟩`), and what is longer than
 * `limit` characters is clipped with an ellipsis. It is still to be put into a text node or an attribute, never
 * into markup.
 */
export function shown(text: string, limit = CLIP_AT): string {
  const characters = [...text];
  const clipped = characters.length > limit ? [...characters.slice(0, limit - 1), '…'].join('') : text;
  return clipped.replace(DECEPTIVE, (character) => `⟨U+${codePoint(character)}⟩`);
}

function codePoint(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
