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
      .map((name) => routeOf(controller, name, mount, readRole));
  });
}

function routeOf(controller: Type, call: string, mount: string, readRole: ReadRole): Route {
  const method = (controller.prototype as Record<string, object>)[call]!;
  const verb = RequestMethod[
    Reflect.getMetadata(METHOD_METADATA, method) as RequestMethod
  ].toLowerCase() as Route['method'];
  const headers = (Reflect.getMetadata(HEADERS_METADATA, method) ?? []) as { name: string; value: string }[];
  return {
    controller: controller.name,
    call,
    path: pathOf(controller, method, mount),
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

function pathOf(controller: Type, method: object, mount: string): string {
  const parts = [controller, method].map((target) => Reflect.getMetadata(PATH_METADATA, target) as string);
  const path = parts.flatMap((part) => part.split('/')).filter((part) => part !== '');
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
