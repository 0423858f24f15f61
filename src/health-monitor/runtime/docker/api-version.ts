import { RuntimeError } from '../runtime-error.js';

/** Of Docker's API, the latest version whose answers are understood here, and the first that tells all that is asked. */
const NEWEST = '1.52';
const OLDEST = '1.24';

/**
 * The version of the API to speak: the newest that both sides know.
 *
 * @param newest the engine's own, such as `1.41`
 * @param oldest the first that it still speaks; `null`: it does not say
 * @throws RuntimeError of kind `outage` when there is none
 */
export function versionToSpeak(newest: string, oldest: string | null): string {
  const version = isBefore(newest, NEWEST) ? newest : NEWEST;
  if (isBefore(version, OLDEST))
    throw new RuntimeError(
      'outage',
      `This Docker is too old: it speaks version ${newest} of its API, at least ${OLDEST} is needed. Upgrade Docker.`,
    );
  if (oldest !== null && isBefore(version, oldest))
    throw new RuntimeError(
      'outage',
      `This Docker is too new: it speaks version ${oldest} of its API and later, here ${NEWEST} is the latest. ` +
        'Upgrade this program.',
    );
  return version;
}

/** Whether an engine refused a call for the version that it was asked in; it may have been replaced by another one. */
export const isAboutVersion = (statusCode: number, message: string): boolean =>
  statusCode === 400 && /client (?:API )?version .*too (?:old|new)/i.test(message);

function isBefore(one: string, other: string): boolean {
  const [major, minor] = partsOf(one);
  const [otherMajor, otherMinor] = partsOf(other);
  return major === otherMajor ? minor < otherMinor : major < otherMajor;
}

function partsOf(version: string): readonly [number, number] {
  const [, major, minor] = /^(\d+)\.(\d+)$/.exec(version) ?? [];
  if (minor === undefined) {
    const shown = JSON.stringify(version.slice(0, 20));
    throw new RuntimeError('nonsense', `${shown} is no version of Docker's API, such as 1.41.`);
  }
  return [Number(major), Number(minor)];
}
