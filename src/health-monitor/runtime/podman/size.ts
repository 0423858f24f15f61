import { RuntimeError } from '../runtime-error.js';

const SI_PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
const IEC_PREFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

const BYTES_IN = new Map<string, number>([
  ...SI_PREFIXES.map((prefix, power): [string, number] => [`${prefix}B`, 1000 ** power]),
  ...IEC_PREFIXES.map((prefix, power): [string, number] => [`${prefix}B`, 1024 ** power]),
]);

/**
 * Bytes of a size as engines print it for people: SI as Podman (`983kB`, `2.22MB`; kB is 1000), IEC as Docker
 * (`556KiB`, `1.5GiB`; KiB is 1024), rounded to whole bytes. The unit is required and its case counts.
 *
 * @throws RuntimeError of kind `nonsense` for anything else.
 */
export function parseSize(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?) ?([A-Za-z]+)$/.exec(text) ?? [];
  const bytesInUnit = unit === undefined ? undefined : BYTES_IN.get(unit);
  const bytes = bytesInUnit === undefined ? NaN : Math.round(Number(amount) * bytesInUnit);
  if (!Number.isSafeInteger(bytes)) {
    throw new RuntimeError(
      'nonsense',
      `${JSON.stringify(text.slice(0, 40))} is not a size, such as 2.22MB or 1.5GiB.`,
    );
  }
  return bytes;
}
