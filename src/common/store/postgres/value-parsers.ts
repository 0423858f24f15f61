/** PostgreSQL's numbers of the types that our columns have; https://www.postgresql.org/docs/15/catalog-pg-type.html. */
const BOOL = 16;
const INT8 = 20;
const INT4 = 23;
const OID = 26;
const JSON_TEXT = 114;
const FLOAT8 = 701;
const NUMERIC = 1700;

type Parse = (text: string) => unknown;

const BY_TYPE: Readonly<Record<number, Parse>> = {
  [BOOL]: (text) => text === 't',
  [INT8]: Number,
  [INT4]: Number,
  [OID]: Number,
  [FLOAT8]: Number,
  [NUMERIC]: Number,
  [JSON_TEXT]: (text) => JSON.parse(text) as unknown,
};

const asText: Parse = (text) => text;

/**
 * How values are read, whatever the host told `pg` for its own queries. Numbers of 64 bits are numbers: ours count what
 * happens, and stay below 2^53.
 */
export const VALUE_PARSERS = { getTypeParser: (type: number): Parse => BY_TYPE[type] ?? asText };
