import { isForbidden } from '../engine-api/unreachable.js';

/** What to do about a socket of Docker's that cannot be used; `code` says why. */
export function socketRemedy(socketPath: string, code: string): string {
  const isOfUser = /^\/run\/user\/\d+\//.test(socketPath);
  if (isForbidden(code)) {
    return isOfUser
      ? 'Run this program as the user it belongs to.'
      : 'Run this program as root, or add its user to the group `docker`, which can do all that root can.';
  }
  return isOfUser
    ? 'Start it as that user: `systemctl --user enable --now docker`.'
    : 'Start it: `systemctl enable --now docker`.';
}
