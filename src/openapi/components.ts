import type { Components, OpenApiDocument, PathItem } from './document.js';

/** What is added to a document. */
export interface Addition {
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: Components;
  readonly webhooks: object;
}

type Named = Readonly<Record<string, object>>;

/**
 * A document with more calls, of whose components those are renamed whose name it uses for something else. A security
 * scheme that it has stays.
 */
export function withComponents(host: OpenApiDocument, addition: Addition): OpenApiDocument {
  const renames = renamesBeside(host, addition.components);
  const { paths, webhooks } = renamed(addition, renames);
  const components = { ...host.components };
  for (const [kind, named = {}] of Object.entries(addition.components)) {
    const ours = Object.entries(renamed(named, renames)).map(([name, one]) => [
      nameIn(renames.get(pointerTo(kind, name)) ?? pointerTo(kind, name)),
      one,
    ]);
    const added = Object.fromEntries(ours) as Named;
    components[kind] =
      kind === 'securitySchemes' ? { ...added, ...components[kind] } : { ...components[kind], ...added };
  }
  const all = Object.keys({ ...host.paths, ...paths });
  return {
    ...host,
    paths: Object.fromEntries(all.map((path) => [path, { ...host.paths[path], ...paths[path] }])),
    ...(Object.keys(webhooks).length > 0 && { webhooks: { ...webhooks, ...(host['webhooks'] as object) } }),
    components,
  };
}

/** From the pointers of components whose names are taken to those that they get. */
function renamesBeside(host: OpenApiDocument, components: Components): Map<string, string> {
  const { components: theirs = {}, ...rest } = host;
  const text = JSON.stringify([rest, Object.values(theirs)]);
  const isTaken = (kind: string, name: string): boolean => {
    const one = theirs[kind]?.[name];
    return one !== undefined && (saysSomething(one) || text.includes(`"${pointerTo(kind, name)}"`));
  };
  const renames = new Map<string, string>();
  for (const [kind, named = {}] of Object.entries(components)) {
    if (kind === 'securitySchemes') continue;
    for (const name of Object.keys(named)) {
      if (isTaken(kind, name)) renames.set(pointerTo(kind, name), pointerTo(kind, `HealthMonitor${name}`));
    }
  }
  return renames;
}

/** @nestjs/swagger writes a class that it knows nothing of as an object without properties: our own bodies, too. */
function saysSomething(component: object): boolean {
  const { type, properties = {}, ...more } = component as { type?: string; properties?: object };
  return type !== 'object' || Object.keys({ ...properties, ...more }).length > 0;
}

const pointerTo = (kind: string, name: string): string => `#/components/${kind}/${name}`;
const nameIn = (pointer: string): string => pointer.slice(pointer.lastIndexOf('/') + 1);

function renamed<T>(value: T, renames: ReadonlyMap<string, string>): T {
  return JSON.parse(JSON.stringify(value), (key, part: unknown) =>
    key === '$ref' ? (renames.get(part as string) ?? part) : part,
  ) as T;
}
