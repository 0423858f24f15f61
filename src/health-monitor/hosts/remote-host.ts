import { Host } from '../host/index.js';

/** What is known of a machine on which we do not run: nothing but what its engine shows. */
export class RemoteHost extends Host {
  bootId(): Promise<null> {
    return Promise.resolve(null);
  }

  bootedAt(): number {
    return 0;
  }

  isShuttingDown(): Promise<boolean> {
    return Promise.resolve(false);
  }

  ownContainerId(): Promise<null> {
    return Promise.resolve(null);
  }
}
