/** Where the server is, as its page says; addresses are absolute. */
export interface PageConfig {
  /** REST, without a slash at its end; `null` when it is off. */
  readonly http: string | null;
  /** Socket.IO's namespace; `null` when it is off. */
  readonly namespace: string | null;
  /** Path at which Socket.IO itself is served. */
  readonly socketPath: string;
}

function meta(name: string): string {
  return document.querySelector(`meta[name="health-monitor-${name}"]`)?.getAttribute('content') ?? '';
}

export function readPageConfig(): PageConfig {
  const here = location.href.split('#', 1)[0];
  const http = meta('http');
  const namespace = meta('socket');
  return {
    http: http === '' ? null : new URL(http, here).pathname.replace(/\/$/, ''),
    namespace: namespace === '' ? null : `/${namespace.replace(/^\//, '')}`,
    socketPath: new URL(meta('socket-path') || '/socket.io', here).pathname,
  };
}
