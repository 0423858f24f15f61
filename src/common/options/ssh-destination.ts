const USER = String.raw`\w[\w.+-]*`;
const NAMED = new RegExp(String.raw`^(?:${USER}@)?[\w:][\w.:-]*$`);
const ADDRESS = new RegExp(String.raw`^ssh://(?:${USER}@)?(?:\w[\w.-]*|\[[\da-fA-F:.]+\])(?::\d{1,5})?$`);
const MOST = 255;

/**
 * Whether this says to `ssh` whom to connect to, and nothing else: a name of its config, `user@host` or
 * `ssh://user@host:port`. What begins with a dash would be an option, and some characters mean something to a shell that
 * a ProxyCommand runs.
 */
export function isSshDestination(text: string): boolean {
  return text.length <= MOST && (NAMED.test(text) || ADDRESS.test(text));
}

/**
 * Whether `ssh -L` can be given this as the path of a socket at the other end: a colon would end it, and `%` and `$`
 * would be replaced.
 */
export function isRemoteSocketPath(path: string): boolean {
  return /^\/[\w.,/@+=~-]+$/.test(path);
}
