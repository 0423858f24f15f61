import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Access from '../../src/common/access/index.js';
import type * as Events from '../../src/common/events/index.js';
import type * as Index from '../../src/index.js';
import { makeDocument } from './document.js';
import { routesOf, type Route } from './routes.js';
import { Sources } from './sources.js';

/* Writes dist/openapi.json from the package as it was compiled, and from its sources. */

const root = process.cwd();
const built = (file: string): Promise<unknown> =>
  import(/* @vite-ignore */ pathToFileURL(path.join(root, 'dist', file)).href);

const { version, license } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  version: string;
  license: string;
};
const { HealthMonitorModule } = (await built('index.js')) as typeof Index;
const { isProtected, RequireRole } = (await built('common/access/index.js')) as typeof Access;
const { NOTIFICATION_TYPES } = (await built('common/events/index.js')) as typeof Events;

const mount = 'health-monitor';
const { controllers = [] } = HealthMonitorModule.forRoot({ http: { path: mount } });
const sources = new Sources(path.join(root, 'tsconfig.build.json'), path.join(root, 'src/index.ts'));
const document = makeDocument({
  version,
  license,
  mount,
  routes: routesOf(controllers, mount, (controller, method) =>
    isProtected(controller) ? (Reflect.getMetadata(RequireRole.KEY, method) as Route['role']) : null,
  ),
  sources,
  notificationTypes: NOTIFICATION_TYPES,
  webhookMessage: sources.interface(path.join(root, 'src/webhooks/delivery.ts'), 'WebhookMessage'),
});
writeFileSync(path.join(root, 'dist/openapi.json'), `${JSON.stringify(document)}\n`);
