import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../common/package/index.js';
import type { OpenApiDocument } from './document.js';

let document: OpenApiDocument | undefined;

/** The document of all calls, as the package ships it; read when it is first asked for. */
export function shippedDocument(): OpenApiDocument {
  return (document ??= JSON.parse(
    readFileSync(join(PACKAGE_ROOT, 'dist', 'openapi.json'), 'utf8'),
  ) as OpenApiDocument);
}
