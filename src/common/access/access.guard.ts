import {
  ForbiddenException,
  Inject,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import type { IncomingMessage } from 'node:http';
import { HEALTH_MONITOR_OPTIONS, type Handshake, type ResolvedOptions } from '../options/index.js';
import { authenticate } from './authenticate.js';
import { bearerToken } from './bearer-token.js';
import { rememberPrincipal } from './current-principal.decorator.js';
import { FOREIGN_PAGE_REFUSAL, withoutBorrowedAuthority } from './foreign-page.js';
import { RequireRole } from './require-role.decorator.js';

/** What Express and Fastify requests have in common. */
interface HttpRequest {
  readonly method: string;
  readonly headers: IncomingMessage['headers'];
  readonly socket: IncomingMessage['socket'];
  /** The client's address, through the proxies the host trusts. */
  readonly ip?: string;
}

/**
 * Lets a call in when its principal has the role that `@RequireRole` names: 401 for nobody we know, 403 for one who
 * may not, and for a page of another origin that would act in a person's name. A call without `@RequireRole` is refused
 * to everybody. No answer may be stored on its way.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly adapterHost: HttpAdapterHost,
    @Inject(HEALTH_MONITOR_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    this.forbidStoring(context);
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const token = bearerToken(request.headers.authorization);
    const address = request.ip ?? request.socket.remoteAddress ?? '';
    const handshake = this.trusted(request.method, { token, headers: request.headers, address });
    const principal = await authenticate(this.options.access, handshake);
    if (principal === null) throw this.unauthorized(context, token);

    const required = this.reflector.getAllAndOverride(RequireRole, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (required === undefined) throw new ForbiddenException('Nobody may call this.');
    if (required === 'operator' && principal.role !== 'operator') {
      throw new ForbiddenException('This needs an operator; you are a viewer.');
    }
    rememberPrincipal(request, principal);
    return true;
  }

  /** An answer is for who asked, as things are now. Said here, so that refusals say it, too. */
  private forbidStoring(context: ExecutionContext): void {
    this.setHeader(context, 'Cache-Control', 'no-store');
  }

  private setHeader(context: ExecutionContext, name: string, value: string): void {
    this.adapterHost.httpAdapter.setHeader(context.switchToHttp().getResponse(), name, value);
  }

  /** Reading changes nothing, and the browser keeps the answer from a page that the host's CORS does not name. */
  private trusted(method: string, handshake: Handshake): Handshake {
    if (method === 'GET' || method === 'HEAD') return handshake;
    const trusted = withoutBorrowedAuthority(this.options.access, handshake);
    if (trusted === null) throw new ForbiddenException(FOREIGN_PAGE_REFUSAL);
    return trusted;
  }

  /** RFC 6750, section 3: the challenge says that a token was wrong only when there was one. */
  private unauthorized(context: ExecutionContext, token: string | undefined): UnauthorizedException {
    const challenge = `Bearer realm="health-monitor"${token === undefined ? '' : ', error="invalid_token"'}`;
    this.setHeader(context, 'WWW-Authenticate', challenge);
    return new UnauthorizedException(token === undefined ? 'A token is needed.' : 'This token is not known.');
  }
}
