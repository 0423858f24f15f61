import { type Container } from '../container.js';
import { type Answer } from './answer.js';

/** More than any container has; a list that an answer makes long is cut. */
const MOST_VOLUMES = 200;

/** What `inspect` tells of the volumes of a container; what cannot be read is left out, since no health depends on it. */
export function readVolumes(inspected: Answer): Pick<Container, 'volumes'> {
  const volumes = inspected
    .at('Mounts')
    .list.slice(0, MOST_VOLUMES)
    .flatMap((mount) => {
      const path = mount.at('Source').text ?? '';
      return path.startsWith('/') ? [{ path, isWritable: mount.at('RW').isTrue }] : [];
    });
  return volumes.length === 0 ? {} : { volumes };
}
