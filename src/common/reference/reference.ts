/** The host on which the monitor itself runs. */
export const LOCAL_HOST = 'local';

/**
 * What a container is called where several hosts can be meant: its name on the local host, `HOST/NAME` on another one.
 * No engine lets a container's name have a slash. Pure.
 */
export const referenceTo = (host: string | undefined, name: string): string =>
  host === undefined || host === LOCAL_HOST ? name : `${host}/${name}`;

/** What a view of a container is called where several hosts can be meant. Pure. */
export const referenceOf = ({ host, name }: { readonly host?: string; readonly name: string }): string =>
  referenceTo(host, name);

/** Whether a container is named together with its host. Pure. */
export const namesHost = (written: string): boolean => written.includes('/');

/** What a host calls a container that is written so: `NAME` one of its own, `HOST/NAME` or `local/NAME` any other. Pure. */
export function calledOn(host: string | null, written: string): string {
  if (!namesHost(written)) return written;
  const { host: whose, name } = parseReference(written);
  return whose === host ? name : `${whose ?? LOCAL_HOST}/${name}`;
}

/** The reference to a container that a host calls so. Pure. */
export function referenceFrom(host: string | null, called: string): string {
  if (!namesHost(called)) return referenceTo(host ?? undefined, called);
  const { host: whose, name } = parseReference(called);
  return referenceTo(whose ?? undefined, name);
}

/** The host, `null` for the local one, and the name. `local/NAME` is `NAME`. Pure. */
export function parseReference(reference: string): { readonly host: string | null; readonly name: string } {
  const slash = reference.indexOf('/');
  if (slash === -1) return { host: null, name: reference };
  const host = reference.slice(0, slash);
  return { host: host === LOCAL_HOST ? null : host, name: reference.slice(slash + 1) };
}
