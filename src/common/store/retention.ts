const DAY_MS = 86_400_000;

/** How long, and how much, is kept. */
export const KEEP_EVENTS = 50_000;
export const KEEP_EVENTS_MS = 30 * DAY_MS;
export const KEEP_MEMORY_MS = 8 * DAY_MS;

/** Events keep all they carry for this long, and the latest of them for as long as they are kept. */
export const KEEP_WHOLE_MS = DAY_MS;
export const KEEP_WHOLE_EVENTS = 2_000;

/** What is kept in memory, at most, while the database cannot be written. The oldest gives way. */
export const MOST_UNSAVED_EVENTS = 10_000;
export const MOST_UNSAVED_TICKS = 2_304;
