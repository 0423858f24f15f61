import type { Type } from '@nestjs/common';
import { isProtected } from '../common/access/index.js';
import type { Access } from '../common/options/index.js';
import type { OpenApiDocument, Operation, PathItem } from './document.js';
import { shippedDocument } from './shipped-document.js';

/** The REST API as one module has mounted it, which may leave out some, or ask for no token. */
export class MountedApi {
  private document: OpenApiDocument | undefined;

  /**
   * @param path where it is mounted, without slashes around it, and without the host's global prefix
   * @param controllers those that answer there
   */
  constructor(
    readonly path: string,
    private readonly controllers: readonly Type[],
    private readonly access: Access | null,
  ) {}

  /** OpenAPI 3.1, with paths relative to where it is mounted. `servers` says the path without the host's prefix. */
  describe(): OpenApiDocument {
    return (this.document ??= this.ofMounted(shippedDocument()));
  }

  private ofMounted(document: OpenApiDocument): OpenApiDocument {
    const paths = Object.entries(document.paths)
      .map(([path, item]) => [path, this.answeredOf(item)] as const)
      .filter(([, item]) => Object.keys(item).length > 0);
    return {
      ...document,
      servers: [{ url: `/${this.path}` }],
      ...(this.access === 'open' && { security: [] }),
      paths: Object.fromEntries(paths),
    };
  }

  private answeredOf(item: PathItem): PathItem {
    const operations = Object.entries(item).flatMap(([method, operation]) => {
      const controller = this.controllers.find(({ name }) => operation.operationId.startsWith(`${name}_`));
      return controller ? [[method, this.withItsSecurity(operation, controller)]] : [];
    });
    return Object.fromEntries(operations) as PathItem;
  }

  private withItsSecurity(operation: Operation, controller: Type): Operation {
    const isOpen = this.access === 'open' || !isProtected(controller);
    return isOpen ? { ...operation, security: [] } : operation;
  }
}
