import { setTimeout as delay } from 'node:timers/promises';

/** Waits until `holds`, looking every 10 ms; fails after 10 s, or another time. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  milliseconds = 10_000,
): Promise<void> {
  for (const deadline = Date.now() + milliseconds; !(await holds()); await delay(10)) {
    if (Date.now() > deadline) throw new Error(`Waited ${milliseconds / 1000} s in vain until ${what}.`);
  }
}
