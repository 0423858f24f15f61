/** A document of OpenAPI, as far as we look into one. */
export interface OpenApiDocument {
  /** The version of OpenAPI: `3.1.0`. */
  readonly openapi: string;
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components?: Components;
  readonly [more: string]: unknown;
}

/** Calls of one path, by their methods in small letters. */
export type PathItem = Readonly<Record<string, Operation>>;

export interface Operation {
  readonly operationId: string;
  readonly security?: readonly object[];
  readonly [more: string]: unknown;
}

export interface Components {
  readonly schemas?: Readonly<Record<string, object>>;
  readonly [kind: string]: Readonly<Record<string, object>> | undefined;
}
