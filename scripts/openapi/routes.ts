import 'reflect-metadata';
import { RequestMethod, type Type } from '@nestjs/common';
import {
  HEADERS_METADATA,
  HTTP_CODE_METADATA,
  METHOD_METADATA,
  PARAMTYPES_METADATA,
  PATH_METADATA,
  ROUTE_ARGS_METADATA,
} from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { MetadataScanner } from '@nestjs/core';

/** One call of the REST API, as its decorators say. */
export interface Route {
  /** Name of the controller's class. */
  readonly controller: string;
  /** Name of the method that answers. */
  readonly call: string;
  /** As OpenAPI writes it, relative to where the module is mounted: `/containers/{name}`. */
  readonly path: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** `null`: anybody may call it. */
  readonly role: 'viewer' | 'operator' | null;
  readonly status: number;
  readonly contentType: string;
  readonly query: Type | null;
  readonly body: Type | null;
}

/** What the package's own decorators say of a call: the role that it needs, `null` where anybody may. */
export type ReadRole = (controller: Type, method: object) => Route['role'];

/** The calls of mounted controllers, in their order. */
export function routesOf(controllers: readonly Type[], mount: string, readRole: ReadRole): Route[] {
  return controllers.flatMap((controller) => {
    const prototype = controller.prototype as Record<string, object>;
    return new MetadataScanner()
      .getAllMethodNames(prototype)
      .filter((name) => Reflect.hasMetadata(METHOD_METADATA, prototype[name]!))
      .flatMap((name) =>
        pathsOf(controller, prototype[name]!, mount).map((path) => routeOf(controller, name, path, readRole)),
      );
  });
}

function routeOf(controller: Type, call: string, path: string, readRole: ReadRole): Route {
  const method = (controller.prototype as Record<string, object>)[call]!;
  const verb = RequestMethod[
    Reflect.getMetadata(METHOD_METADATA, method) as RequestMethod
  ].toLowerCase() as Route['method'];
  const headers = (Reflect.getMetadata(HEADERS_METADATA, method) ?? []) as { name: string; value: string }[];
  return {
    controller: controller.name,
    call,
    path,
    method: verb,
    role: readRole(controller, method),
    status:
      (Reflect.getMetadata(HTTP_CODE_METADATA, method) as number | undefined) ??
      (verb === 'post' ? 201 : 200),
    contentType: headers.find(({ name }) => name === 'content-type')?.value ?? 'application/json',
    query: inputOf(controller, call, RouteParamtypes.QUERY),
    body: inputOf(controller, call, RouteParamtypes.BODY),
  };
}

/** Where a call is answered: at one path or several. */
function pathsOf(controller: Type, method: object, mount: string): string[] {
  const prefix = Reflect.getMetadata(PATH_METADATA, controller) as string;
  const paths = [Reflect.getMetadata(PATH_METADATA, method) as string | string[]].flat();
  return paths.map((path) => pathFrom(`${prefix}/${path}`, controller, mount));
}

function pathFrom(written: string, controller: Type, mount: string): string {
  const path = written.split('/').filter((part) => part !== '');
  if (path[0] !== mount) throw new Error(`${controller.name} is not mounted at ${mount}.`);
  return path
    .slice(1)
    .map((part) => `/${part.replace(/^:(\w+)$/, '{$1}')}`)
    .join('');
}

/** The class that a call's query or body is checked against; `null` where it takes none. */
function inputOf(controller: Type, call: string, kind: RouteParamtypes): Type | null {
  const given = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, call) ?? {}) as Record<
    string,
    { index: number }
  >;
  const [, argument] = Object.entries(given).find(([key]) => key.startsWith(`${kind}:`)) ?? [];
  if (!argument) return null;
  const types = Reflect.getMetadata(PARAMTYPES_METADATA, controller.prototype as object, call) as Type[];
  return types[argument.index]!;
}
