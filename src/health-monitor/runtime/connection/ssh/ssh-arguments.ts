/** Whom `ssh` connects to, and by which of its config files. */
export interface SshTarget {
  /** As `ssh` takes it: a name of its config, `user@host`, `ssh://user@host:port`. */
  readonly destination: string;
  /** `null`: the user's and the system's. */
  readonly configFile: string | null;
}

/** How soon a peer counts as lost that does not answer. */
export interface Alive {
  readonly intervalSeconds: number;
  readonly count: number;
}

/**
 * The config of the user stays in force but for this: nobody is there to be asked, a connection is never one that
 * another process shares and would keep, and what is said is read.
 */
const OPTIONS = {
  BatchMode: 'yes',
  ConnectTimeout: '10',
  ControlMaster: 'no',
  ControlPath: 'none',
  LogLevel: 'INFO',
  PermitLocalCommand: 'no',
  RemoteCommand: 'none',
};

/** Forwards a socket of this machine to one over there, and does nothing else. Pure. */
export function tunnelArguments(
  target: SshTarget,
  forward: { readonly localPath: string; readonly remotePath: string },
  alive: Alive,
): readonly string[] {
  return [
    '-NT',
    '-L',
    `${forward.localPath}:${forward.remotePath}`,
    ...shared(target, {
      ClearAllForwardings: 'no',
      ExitOnForwardFailure: 'yes',
      StreamLocalBindUnlink: 'yes',
      StreamLocalBindMask: '0177',
      ServerAliveInterval: String(alive.intervalSeconds),
      ServerAliveCountMax: String(alive.count),
    }),
  ];
}

/** Runs what standard input says in a shell over there; the account's own shell may be any. Pure. */
export function shellArguments(target: SshTarget): readonly string[] {
  return ['-T', ...shared(target, { ClearAllForwardings: 'yes' }), 'sh'];
}

function shared({ destination, configFile }: SshTarget, more: Readonly<Record<string, string>>): string[] {
  const options = Object.entries({ ...OPTIONS, ...more }).flatMap(([name, value]) => [
    '-o',
    `${name}=${value}`,
  ]);
  // No agent and no display of ours over there.
  return [...(configFile === null ? [] : ['-F', configFile]), '-a', '-x', ...options, '--', destination];
}
