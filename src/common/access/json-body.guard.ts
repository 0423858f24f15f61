import { UnsupportedMediaTypeException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';

/**
 * Refuses a body that is not JSON with 415. A host's own parser makes objects of forms as well, in which every number is
 * a text; and a form is what a page of another site can send without being asked first.
 */
export class JsonBodyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: IncomingHttpHeaders }>();
    if (hasBody(headers) && !isJson(headers['content-type'])) {
      throw new UnsupportedMediaTypeException('Send JSON, with the header content-type: application/json.');
    }
    return true;
  }
}

/** RFC 9112, section 6.3: one of these headers announces the body of a request. */
function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function isJson(contentType = ''): boolean {
  return /^application\/json\s*(;|$)/i.test(contentType);
}
