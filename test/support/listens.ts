import { connect, type NetConnectOpts } from 'node:net';

/** Whether somebody listens there. */
export function listens(there: NetConnectOpts): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(there, () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}
