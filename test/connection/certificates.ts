import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Certificates and keys in PEM, made by openssl in a folder of their own. */
export class Certificates {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'certificates-'));

  file(name: string): string {
    return path.join(this.folder, name);
  }

  /** `NAME.pem` and `NAME.key` of an authority. */
  authority(name: string): void {
    this.key(name);
    this.openssl(
      'req',
      '-x509',
      '-new',
      '-key',
      this.file(`${name}.key`),
      '-subj',
      `/CN=${name}`,
      '-out',
      this.file(`${name}.pem`),
    );
  }

  /** `NAME.pem` and `NAME.key`, signed by `authority`. `days`: how long it is valid from now on. */
  signed(name: string, authority: string, { host = '127.0.0.1', days = 1 } = {}): void {
    this.key(name);
    this.openssl(
      'req',
      '-new',
      '-key',
      this.file(`${name}.key`),
      '-subj',
      `/CN=${name}`,
      '-out',
      this.file(`${name}.csr`),
    );
    const kind = /^[\d.]+$/.test(host) ? 'IP' : 'DNS';
    writeFileSync(this.file(`${name}.ext`), `subjectAltName=${kind}:${host}\n`);
    this.openssl(
      ...[
        'x509',
        '-req',
        '-in',
        this.file(`${name}.csr`),
        '-days',
        String(days),
        '-out',
        this.file(`${name}.pem`),
      ],
      ...['-CA', this.file(`${authority}.pem`), '-CAkey', this.file(`${authority}.key`), '-CAcreateserial'],
      ...['-extfile', this.file(`${name}.ext`)],
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private key(name: string): void {
    this.openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', this.file(`${name}.key`));
  }

  private openssl(...args: readonly string[]): void {
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  }
}
