/** As engines and people show ids. */
export const shortId = (id: string): string => id.slice(0, 12);
