import { join } from 'node:path';
import { PACKAGE_ROOT } from '../common/package/index.js';
import { DashboardFiles, encodingFor } from './dashboard-files.js';
import { dashboardHeaders } from './dashboard-headers.js';

export interface DashboardOptions {
  /** Path of the REST API, as given to the module; `null` when it is off. Default `health-monitor`. */
  readonly http?: string | null;
  /** Socket.IO namespace; `null` when it is off. Default `/health-monitor`. */
  readonly socket?: string | null;
  /** Where Socket.IO itself is served, seen from the host's root; asked when the page is. Default `/socket.io`. */
  readonly socketPath?: () => string;
  /** Who may show the page in a frame, as CSP source list. Default `'none'`. */
  readonly frameAncestors?: string;
}

export interface PageRequest {
  /** Path of the request as the client sent it, without query. */
  readonly path: string;
  readonly acceptEncoding?: string | undefined;
}

export interface PageAnswer {
  readonly status: 200 | 404 | 503;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const NOT_BUILT = 'The dashboard was not built into this package. Run `npm run build` in it.';

/** Where `npm run build` puts the page, whether this is compiled or run from source. */
const BUILT = join(PACKAGE_ROOT, 'dist/dashboard/public');

/**
 * Answers requests for the page under one mount path, whatever the web framework is.
 *
 * All addresses it hands out are relative, so that the page works behind any prefix that a host or a proxy puts
 * in front of it.
 */
export class DashboardPage {
  private readonly headers: Record<string, string>;

  /** @param mount the path it is mounted at, such as `dashboard` or `ops/health`; `''` for the root */
  constructor(
    private readonly mount: string,
    private readonly options: DashboardOptions = {},
    private readonly files = new DashboardFiles(BUILT),
  ) {
    const { frameAncestors = `'none'` } = options;
    if (/[;,\r\n]/.test(frameAncestors)) {
      throw new Error('dashboard.frameAncestors: expected CSP sources separated by spaces.');
    }
    this.headers = dashboardHeaders(frameAncestors);
  }

  async answer({ path, acceptEncoding }: PageRequest): Promise<PageAnswer> {
    const { before, name } = this.locate(path);
    const file = await this.files.find(name === '' ? 'index.html' : name);
    if (!file) return this.refuse(name === '' ? 503 : 404);
    if (name === '') return this.html(file.bodies.identity.toString('utf8'), path, before);
    const encoding = encodingFor(acceptEncoding, file);
    return {
      status: 200,
      headers: {
        ...this.headers,
        'Content-Type': file.type,
        'Cache-Control': file.hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
        Vary: 'Accept-Encoding',
        ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }),
      },
      body: file.bodies[encoding] ?? file.bodies.identity,
    };
  }

  /** Splits a path into what stands before our mount, and the file asked for (`''`: the page itself). */
  private locate(path: string): { before: readonly string[]; name: string } {
    const asked = segments(path);
    const own = segments(this.mount);
    const at = asked.findLastIndex((_, index) =>
      own.every((segment, offset) => asked[index + offset] === segment),
    );
    const before = own.length === 0 || at < 0 ? [] : asked.slice(0, at);
    return { before, name: asked.slice(before.length + own.length).join('/') };
  }

  /** Tells the page where its files and its server are, relative to the address it was asked for at. */
  private html(template: string, path: string, before: readonly string[]): PageAnswer {
    const {
      http = 'health-monitor',
      socket = '/health-monitor',
      socketPath = () => '/socket.io',
    } = this.options;
    const here = path === '' || path.endsWith('/') ? './' : `./${segments(path).at(-1)}/`;
    const toPrefix = here + '../'.repeat(segments(this.mount).length);
    const toRoot = toPrefix + '../'.repeat(before.length);
    const meta = {
      'health-monitor-http': http === null ? '' : `${toPrefix}${segments(http).join('/')}`,
      'health-monitor-socket': socket ?? '',
      'health-monitor-socket-path': `${toRoot}${segments(socketPath()).join('/')}`,
    };
    const tags = Object.entries(meta).map(
      ([name, content]) => `<meta name="${name}" content="${escape(content)}" />`,
    );
    return {
      status: 200,
      headers: { ...this.headers, 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' },
      body: Buffer.from(
        template
          .replaceAll('"./assets/', () => `"${escape(here)}assets/`)
          .replace('<!-- where the server is -->', () => tags.join('\n    ')),
      ),
    };
  }

  private refuse(status: 404 | 503): PageAnswer {
    return {
      status,
      headers: { ...this.headers, 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
      body: Buffer.from(status === 503 ? NOT_BUILT : 'There is no such file.'),
    };
  }
}

function segments(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
