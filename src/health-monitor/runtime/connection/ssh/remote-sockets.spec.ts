import { describe, expect, it } from 'vitest';
import { noSocket, readFound, type RemoteSocket } from './remote-sockets.js';

const target = { destination: 'admin@attic', configFile: null };

describe('what is found on the other host', () => {
  it('is read out of whatever a login writes around it', () => {
    const output =
      'Welcome!\r\nengine-sockets: uid 1000\r\nengine-sockets: denied /run/podman/podman.sock\nLast login: today\n' +
      'engine-sockets: usable /run/user/1000/podman/podman.sock\n';
    expect(readFound(output)).toEqual({
      uid: 1000,
      sockets: [
        { state: 'denied', path: '/run/podman/podman.sock' },
        { state: 'usable', path: '/run/user/1000/podman/podman.sock' },
      ],
    });
  });

  it.each(['', 'This account is currently not available.\n', 'engine-sockets: uid \n'])(
    'is nothing where no shell was run: %j',
    (output) => {
      expect(readFound(output)).toBeNull();
    },
  );
});

describe('where no socket can be used', () => {
  const saying = (uid: number, ...sockets: RemoteSocket[]) => noSocket(target, { uid, sockets }).message;
  const podman: RemoteSocket = { state: 'denied', path: '/run/podman/podman.sock' };
  const docker: RemoteSocket = { state: 'denied', path: '/var/run/docker.sock' };

  it('says what was tried, as whom', () => {
    expect(saying(1000, podman, { state: 'missing', path: '/var/run/docker.sock' })).toMatch(
      /as the user with the id 1000: \/run\/podman\/podman\.sock \(not allowed\), \/var\/run\/docker\.sock \(not there\)\. /,
    );
  });

  it('says how to have a socket of the user’s own, which outlives the login', () => {
    expect(saying(1000, podman)).toMatch(
      /`systemctl --user enable --now podman\.socket` and `loginctl enable-linger`.+log in as root/,
    );
  });

  it('says which group may use Docker’s, and what that means', () => {
    expect(saying(1000, docker)).toMatch(/`usermod -aG docker` .+ root in all but name/);
  });

  it('says to root what to start', () => {
    expect(saying(0, { ...podman, state: 'missing' })).toMatch(
      /Over there, `systemctl enable --now podman\.socket`, or `systemctl enable --now docker`\.$/,
    );
  });
});
