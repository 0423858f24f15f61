/** What a log shows of an error. */
export const stackOf = (error: unknown): unknown => (error instanceof Error ? error.stack : error);
