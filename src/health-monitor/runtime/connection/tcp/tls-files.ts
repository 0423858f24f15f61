import { readFile } from 'node:fs/promises';
import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { RuntimeError } from '../../runtime-error.js';

/** Files in PEM. */
export interface TlsFiles {
  /** Of the authorities that the engine's certificate may be from; `null`: those that Node knows. */
  readonly ca: string | null;
  /** Ours and its key; `null`: the engine wants none. */
  readonly cert: string | null;
  readonly key: string | null;
}

/** For so long they need not be read anew; many calls are made at once. */
const FRESH_MS = 1_000;

const WRONG: Readonly<Record<string, string>> = {
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: 'runtime.tls.key is not the key of runtime.tls.cert.',
  ERR_OSSL_PEM_NO_START_LINE: 'one of the files of runtime.tls holds nothing in PEM.',
  ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED: 'runtime.tls.key has a passphrase. Take one without.',
  ERR_OSSL_BAD_DECRYPT: 'runtime.tls.key has a passphrase. Take one without.',
  ERR_MISSING_PASSPHRASE: 'runtime.tls.key has a passphrase. Take one without.',
};

/** The certificates of a connection, as they are in their files now: those that were renewed count by themselves. */
export class TlsContext {
  private latest: { readonly at: number; readonly context: SecureContext } | null = null;

  constructor(
    private readonly files: TlsFiles,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @throws RuntimeError of kind `outage` that names the file */
  async current(): Promise<SecureContext> {
    if (this.latest && this.now() - this.latest.at < FRESH_MS) return this.latest.context;
    const { ca, cert, key } = this.files;
    const [authorities, certificate, secret] = await Promise.all([
      read('ca', ca),
      read('cert', cert),
      read('key', key),
    ]);
    const context = contextOf(authorities, certificate, secret);
    this.latest = { at: this.now(), context };
    return context;
  }
}

function contextOf(ca?: string, cert?: string, key?: string): SecureContext {
  try {
    const context = createSecureContext({ ca, cert, key, minVersion: 'TLSv1.2' });
    // Engines close the connection then, and not all of them say why.
    if (cert !== undefined) refuseExpired(new X509Certificate(cert));
    return context;
  } catch (cause) {
    if (cause instanceof RuntimeError) throw cause;
    const { code = '' } = cause as NodeJS.ErrnoException;
    // OpenSSL's words could only be about the files, never of what is in them.
    const why = WRONG[code] ?? `the files of runtime.tls cannot be used (${code || 'no reason given'}).`;
    throw new RuntimeError('outage', `TLS: ${why}`, { cause });
  }
}

function refuseExpired({ validTo }: X509Certificate): void {
  if (Date.parse(validTo) > Date.now()) return;
  throw new RuntimeError(
    'outage',
    `TLS: our certificate has expired (${validTo}). Make a new one in runtime.tls.cert; it is read by itself.`,
  );
}

async function read(name: keyof TlsFiles, path: string | null): Promise<string | undefined> {
  if (path === null) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code = 'failed' } = cause as NodeJS.ErrnoException;
    throw new RuntimeError(
      'outage',
      `TLS: the file of runtime.tls.${name} cannot be read (${code}: ${path}). Is it there, and may the user read it ` +
        'that this program runs as?',
      { cause },
    );
  }
}
