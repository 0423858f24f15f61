/** What the kernel has room for in the address of a unix socket, without the byte that ends it. */
const MOST_BYTES = 107;

/**
 * The path that is meant by `runtime.socketPath`, which may also be written as `CONTAINER_HOST` is: `unix:///path`.
 * `null` when no socket can be there.
 */
export function socketPathFrom(text: string): string | null {
  const path = /^unix:\/*(\/.*)$/i.exec(text)?.[1] ?? text;
  // An address of another kind, a home that only a shell would find, or a folder.
  const isPath = !/^([a-z][a-z\d+.-]*:|~)/i.test(path) && !path.endsWith('/');
  return isPath && Buffer.byteLength(path) <= MOST_BYTES ? path : null;
}
