import type { INestApplicationContext } from '@nestjs/common';
import { withComponents } from './components.js';
import type { OpenApiDocument, PathItem } from './document.js';
import { MountedApi } from './mounted-api.js';
import { forOpenApi30 } from './openapi-30.js';

/**
 * What `SwaggerModule.createDocument` of @nestjs/swagger says, completed: Nest tells it which calls of the health monitor
 * there are, but neither what they take nor what they answer. Each of them is replaced by all that the health monitor
 * knows of it, and its models are added; where the host has another model of such a name, ours is called
 * `HealthMonitor…`. Calls that the host's document leaves out stay out. In a document of OpenAPI 3.1 or later its
 * webhooks are added, too.
 *
 * The security scheme is called `bearer`, as that of `addBearerAuth()`; where the host describes one of that name, that
 * stays. The document that is given is not changed.
 *
 * @param app the host, in which the module may be mounted more than once
 * @param document of OpenAPI 3.0 or later
 */
export function withHealthMonitor<Given extends { openapi: string; paths: object }>(
  app: Pick<INestApplicationContext, 'get'>,
  document: Given,
): Given {
  const host = document as unknown as OpenApiDocument;
  const mounted = app
    .get(MountedApi, { strict: false, each: true })
    // `users/health` before `health`, at which its paths end as well.
    .sort((one, other) => other.path.length - one.path.length);
  const calls = Object.entries(host.paths).map(([path, item]) => callsAt(path, item, mounted));
  const [api] = calls.flatMap((call) => call.api ?? []);
  if (!api) return document;

  const is30 = host.openapi.startsWith('3.0');
  const described = api.describe();
  const theirs = { ...host, paths: Object.fromEntries(calls.map(({ path, theirs }) => [path, theirs])) };
  const ours = {
    paths: Object.fromEntries(calls.map(({ path, ours }) => [path, ours])),
    components: described.components ?? {},
    webhooks: is30 ? {} : (described['webhooks'] as object),
  };
  return withComponents(theirs, is30 ? forOpenApi30(ours) : ours) as unknown as Given;
}

interface Calls {
  readonly path: string;
  readonly api: MountedApi | undefined;
  /** As the host's document has them, and as we describe them. */
  readonly theirs: PathItem;
  readonly ours: PathItem;
}

/** Which of the calls at a path are ours: those that the host's document has, under its ids and tags. */
function callsAt(path: string, item: PathItem, mounted: readonly MountedApi[]): Calls {
  const api = mounted.find((one) => itemAt(path, one) !== undefined);
  const known = (api && itemAt(path, api)) ?? {};
  const isOurs = ([method]: [string, unknown]): boolean => known[method] !== undefined;
  const listed = Object.entries(item);
  const ours = listed.filter(isOurs).map(([method, { operationId, tags }]) => {
    return [method, { ...known[method], operationId, ...(tags !== undefined && { tags }) }] as const;
  });
  return {
    path,
    api,
    theirs: Object.fromEntries(listed.filter((call) => !isOurs(call))),
    ours: Object.fromEntries(ours),
  };
}

/** Both documents write parameters in a path alike. */
function itemAt(path: string, api: MountedApi): PathItem | undefined {
  const prefix = `/${api.path}/`;
  const at = path.lastIndexOf(prefix);
  return at < 0 ? undefined : api.describe().paths[path.slice(at + prefix.length - 1)];
}
