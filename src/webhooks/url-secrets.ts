/** The URL without what may be a secret: chat services put theirs into the path. */
export function maskUrl(url: string): string {
  return `${new URL(url).origin}/…`;
}

/** Chat services put their secret into the path, and some repeat it in their answer, as it stands or decoded. */
export function withoutUrlSecrets(text: string, url: string): string {
  const { pathname, search } = new URL(url);
  return [...pathname.split('/'), ...search.split(/[?&=]/)]
    .flatMap((part) => [part, decoded(part), decoded(part.replaceAll('+', ' '))])
    .filter((part) => part.length >= 6)
    .sort((one, other) => other.length - one.length)
    .reduce((result, part) => result.replaceAll(part, '…'), text);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
