import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { referenceTo } from '../common/reference/index.js';

interface NamedRequest {
  readonly params: { readonly host?: string; readonly name: string };
}

/** The container that the address names, with its host where that is in it. */
export const Reference = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { host, name } = context.switchToHttp().getRequest<NamedRequest>().params;
  return referenceTo(host, name);
});
