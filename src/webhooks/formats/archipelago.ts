import type { Format } from './format.js';

/** The message as it is. */
export const archipelago: Format = (body, _level, url) => ({ url, body });
