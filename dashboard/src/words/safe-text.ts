/** Longest name shown in a list; the whole of it stands on the container's page. */
export const CLIP_AT = 64;

/** Control, zero-width, and bidirectional formatting characters: what can make a text read as another. */
const DECEPTIVE =
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;

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
