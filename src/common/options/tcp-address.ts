/** Where an engine listens for HTTP over TCP. */
export interface TcpAddress {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
}

/** Of `https://nas:2376` or `http://127.0.0.1:2375`; `null` when it says more, less or something else. */
export function tcpAddressFrom(text: string): TcpAddress | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:\/\/[^/]+\/?$/i.test(text)) return null;
  const isBare = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!isBare) return null;
  const isTls = url.protocol === 'https:';
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
    isTls,
  };
}

/** Whether what is sent there never leaves this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
