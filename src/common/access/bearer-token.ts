/**
 * The token of an `Authorization` header (RFC 6750, section 2.1); `undefined` when there is none, or the header is
 * not exactly that. The scheme's letters may be of either case (RFC 9110, section 11.1).
 */
export function bearerToken(authorization: string | string[] | undefined): string | undefined {
  if (typeof authorization !== 'string') return undefined;
  return /^bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1];
}
