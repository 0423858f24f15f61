import { RuntimeError } from '../../runtime-error.js';
import { type SshTarget } from './ssh-arguments.js';

interface Refusal {
  /** What `ssh` writes then. */
  readonly said: RegExp;
  readonly why: string;
  /** `HOST` stands for what was connected to, `BY HAND` for a command that connects as we do. */
  readonly remedy: string;
}

/** The first that applies counts: what explains the others comes before them. */
const REFUSALS: readonly Refusal[] = [
  {
    said: /(?:^|: )ssh: not found|not found: ssh$|spawn sh ENOENT/,
    why: 'there is no `ssh` on this machine',
    remedy: "Install OpenSSH's client (Debian: `apt-get install openssh-client`).",
  },
  {
    said: /Bad configuration option|Can't open user config file|Bad owner or permissions on|bad configuration options/,
    why: 'the ssh config cannot be used',
    remedy: 'Mend what it says; `BY HAND` says it, too.',
  },
  {
    said: /HOST IDENTIFICATION HAS CHANGED|Host key for .+ has changed/,
    why: 'its host key is not the one that is known',
    remedy:
      'If the machine was installed anew, forget the old key (`ssh-keygen -R` with its name) and connect once by hand: `BY HAND`. ' +
      'If it was not, somebody may stand in between.',
  },
  {
    said: /Host key verification failed|host key is known for/,
    why: 'its host key is not known here',
    remedy:
      'Connect once by hand, as the user that this program runs as, and compare the key before you say yes: `BY HAND`.',
  },
  {
    said: /UNPROTECTED PRIVATE KEY FILE|: bad permissions$/,
    why: 'the private key was left aside, since others on this machine can read it',
    remedy: 'Run `chmod 600` on it.',
  },
  {
    said: /Too many authentication failures/,
    why: 'too many wrong keys were offered',
    remedy: 'Name the right one in the ssh config: `IdentityFile` and `IdentitiesOnly yes`.',
  },
  {
    said: /Permission denied/,
    why: 'it lets nobody in with the keys of this user',
    remedy:
      'Put the public key there (`ssh-copy-id HOST`), for the user that this program runs as. A key with a passphrase ' +
      'needs an agent, since nobody is there to be asked.',
  },
  {
    said: /Could not resolve hostname/,
    why: 'its name was not found',
    remedy: 'Mend runtime.ssh, or name its address in the ssh config (HostName).',
  },
  {
    said: /Connection refused/,
    why: 'no SSH server listens there',
    remedy: 'Start it (Debian: `systemctl enable --now ssh`), or mend the port in the ssh config.',
  },
  {
    said: /timed out|No route to host|Network is unreachable|Host is down/,
    why: 'it does not answer',
    remedy: 'Is it switched on, in this network, and not behind a firewall?',
  },
  {
    said: /Timeout, server .* not responding/,
    why: 'it no longer answered',
    remedy: 'It is tried again; is it switched on, and in this network?',
  },
  {
    said: /[Cc]ould not request local forwarding|cannot bind to path|Address already in use/,
    why: 'a forwarding could not be set up',
    remedy:
      'A LocalForward of its own in the ssh config fails while another ssh has the port: give the monitor a Host entry without it.',
  },
  {
    said: /no matching .* found|Unable to negotiate/,
    why: 'the two agree on no cipher or key',
    remedy: 'Its SSH server is too old or too new for this one: bring the older one up to date.',
  },
  {
    said: /Connection (?:closed|reset)|closed by remote host|banner|kex_exchange_identification|Broken pipe/,
    why: 'it closed the connection',
    remedy:
      'Its log says why (Debian: `journalctl -u ssh`): it was restarted, has too many connections (MaxStartups), shuts this address ' +
      'out, or is no SSH server.',
  },
];

/** What to say of an `ssh` that ended, and what to do, by the last lines that it wrote. Pure. */
export function sshRefusal(
  target: SshTarget,
  lines: readonly string[],
  result: number | NodeJS.Signals,
): RuntimeError {
  const refusal = REFUSALS.find(({ said }) => lines.some((line) => said.test(line)));
  const own = lines.findLast((line) => line.trim() !== '')?.trim();
  const why = refusal?.why ?? `ssh ended with ${result}`;
  const words = own === undefined ? '' : ` (${own.replace(/\.$/, '')})`;
  const remedy = refusal?.remedy ?? 'Try `BY HAND`.';
  return unreachedBySsh(target, `${why}${words}. ${remedy}`);
}

/** An outage of the way there. `what`: the rest of the sentence, with what to do. */
export function unreachedBySsh(target: SshTarget, what: string, cause?: unknown): RuntimeError {
  const { destination, configFile } = target;
  const byHand = `ssh ${configFile === null ? '' : `-F ${configFile} `}${destination}`;
  const sentence = what.replaceAll('BY HAND', byHand).replaceAll('HOST', destination);
  return new RuntimeError('outage', `SSH to ${destination}: ${sentence}`, { cause });
}

/** Whether it wrote that the other end would not connect what it forwards: to the socket, or at all. Pure. */
export function refusedToForward(line: string): boolean {
  return /^channel \d+: open failed: /.test(line);
}
