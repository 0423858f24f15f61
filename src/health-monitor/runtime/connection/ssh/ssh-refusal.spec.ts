import { expect, it } from 'vitest';
import { sshRefusal } from './ssh-refusal.js';

const target = { destination: 'admin@attic', configFile: null };

it.each([
  ['ssh: connect to host attic port 22: Connection timed out', 'it does not answer'],
  ['ssh: connect to host attic port 22: No route to host', 'it does not answer'],
  ['Connection timed out during banner exchange', 'it does not answer'],
  ['ssh: connect to host attic port 22: Connection refused', 'no SSH server listens there'],
  ['kex_exchange_identification: Connection closed by remote host', 'it closed the connection'],
  [
    'Received disconnect from 10.0.0.7 port 22:2: Too many authentication failures',
    'too many wrong keys were offered',
  ],
  [
    'Unable to negotiate with 10.0.0.7 port 22: no matching host key type found.',
    'the two agree on no cipher or key',
  ],
  [
    'No ED25519 host key is known for attic and you have requested strict checking.',
    'its host key is not known here',
  ],
  ['bind [127.0.0.1]:8080: Address already in use', 'a forwarding could not be set up'],
  ['sh: line 1: exec: ssh: not found', 'there is no `ssh` on this machine'],
  ['Bad owner or permissions on /home/me/.ssh/config', 'the ssh config cannot be used'],
])('says of %j that %s', (line, why) => {
  expect(sshRefusal(target, [line], 255)).toMatchObject({
    kind: 'outage',
    message: expect.stringMatching(new RegExp(`^SSH to admin@attic: ${why} \\(.+\\)\\. [A-Z\`].+`)),
  });
});

it('tells the cause before what came of it', () => {
  const lines = [
    'WARNING: UNPROTECTED PRIVATE KEY FILE!',
    'Load key "/root/.ssh/id_ed25519": bad permissions',
    'admin@attic: Permission denied (publickey).',
  ];
  expect(sshRefusal(target, lines, 255).message).toMatch(/: the private key was left aside/);
});

it('shows what nobody knows as it was said, with secrets masked', () => {
  const { message } = sshRefusal(target, ['Something else: password=hunter2hunter2'], 255);
  expect(message).toMatch(
    /^SSH to admin@attic: ssh ended with 255 \(Something else: .+\)\. Try `ssh admin@attic`\.$/,
  );
  expect(message).not.toContain('hunter2');
  expect(sshRefusal(target, [], 'SIGKILL').message).toBe(
    'SSH to admin@attic: ssh ended with SIGKILL. Try `ssh admin@attic`.',
  );
});
