import { computed, signal } from '@preact/signals';

/** This machine's clock, once a second while somebody looks. */
const local = signal(Date.now());
const offset = signal(0);
const frozenAt = signal<number | null>(null);

/** The server's time now, milliseconds since 1970: the one clock of the page. */
export const wallClock = computed(() => local.value + offset.value);

/** As `wallClock`, but it stands still while what is shown may be old. */
export const clock = computed(() => frozenAt.value ?? wallClock.value);

export function setClockOffset(ms: number): void {
  if (Math.abs(ms - offset.peek()) > 250) offset.value = ms;
}

export function freezeClock(at: number | null): void {
  frozenAt.value = at === null ? null : at + offset.peek();
}

const tick = () => {
  if (document.visibilityState === 'visible') local.value = Date.now();
};

export function startClock(): void {
  setInterval(tick, 1_000);
  document.addEventListener('visibilitychange', tick);
}
