/**
 * For which share of the last five minutes everything that had work waited for memory, from 0 to 1, as
 * `/proc/pressure/memory` tells it; `null`: it says something else. Pure.
 */
export function readMemoryPressure(text: string): number | null {
  const percent = /^full .*\bavg300=(\d+(?:\.\d+)?)/m.exec(text)?.[1];
  return percent === undefined ? null : Number(percent) / 100;
}
