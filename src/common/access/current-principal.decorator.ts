import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Principal } from '../options/index.js';

const principals = new WeakMap<object, Principal>();

/** Notes who a request comes from; `AccessGuard` does. */
export function rememberPrincipal(request: object, principal: Principal): void {
  principals.set(request, principal);
}

/** Who calls: the {@link Principal} that `AccessGuard` let in. */
export const CurrentPrincipal = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal | undefined =>
    principals.get(context.switchToHttp().getRequest<object>()),
);
