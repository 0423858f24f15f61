/** Options that stand alone: of `podman`, and of `podman run`. All others take a value. */
const WITHOUT_VALUE: ReadonlySet<string> = new Set(
  (
    '--noout --remote --syslog --trace --transient-store --detach --disable-content-trust --env-host --help --http-proxy ' +
    '--init --interactive --no-healthcheck --no-hostname --no-hosts --oom-kill-disable --passwd --privileged ' +
    '--publish-all --quiet --read-only --read-only-tmpfs --replace --rm --rmi --sig-proxy --tls-verify --tty'
  ).split(' '),
);
const SHORT_WITHOUT_VALUE = 'diPqrt';
/** As Go reads one. */
const FALSE: ReadonlySet<string> = new Set(['0', 'f', 'F', 'false', 'False', 'FALSE']);

/**
 * Whether a container was made by `podman run` that waits for its end, as a person does who runs a job: not by `create`,
 * nor with `--detach`. What cannot be told counts as no. Pure.
 *
 * @param words `Config.CreateCommand` of the engine
 */
export function runsInForeground(words: readonly string[]): boolean {
  const command = commandOf(words);
  const [verb, ...rest] = command[0] === 'container' ? command.slice(1) : command;
  if (verb !== 'run') return false;
  const { detached, rest: image } = afterOptions(rest);
  return image.length > 0 && !detached;
}

/** Whether a container was made by a call to the API: then the engine notes the command of its own service. Pure. */
export const wasMadeThroughApi = (words: readonly string[]): boolean => {
  const [noun, verb] = commandOf(words);
  return noun === 'system' && verb === 'service';
};

/** What stands behind the options of `podman` itself; nothing where it is no command of Podman's. */
const commandOf = (words: readonly string[]): readonly string[] =>
  /(?:^|\/)podman(?:-remote)?$/.test(words[0] ?? '') ? afterOptions(words.slice(1)).rest : [];

/** Reads options up to the first word that is none. A value never looks like an option here: then `-d` is not missed. */
function afterOptions(words: readonly string[]): { detached: boolean; rest: readonly string[] } {
  let detached = false;
  let next = 0;
  while (next < words.length && words[next]!.startsWith('-')) {
    const option = words[next++]!;
    if (option === '--') break;
    detached = detachedBy(option) ?? detached;
    if (takesNextWord(option) && words[next]?.startsWith('-') === false) next++;
  }
  return { detached, rest: words.slice(next) };
}

/** `-d`, also among other letters, or `--detach`, and a value where it has one. */
const DETACH = /^(?:--detach|-[iPqrt]*d[diPqrt]*)(?:=(.*))?$|^-[iPqrt]*d/;

/** `undefined`: it says nothing of it. */
function detachedBy(option: string): boolean | undefined {
  const said = DETACH.exec(option);
  return said === null ? undefined : !FALSE.has(said[1] ?? '');
}

function takesNextWord(option: string): boolean {
  if (option.startsWith('--')) return !option.includes('=') && !WITHOUT_VALUE.has(option);
  const letter = [...option.slice(1)].findIndex((one) => !SHORT_WITHOUT_VALUE.includes(one));
  // What stands behind the letter is its value.
  return letter === option.length - 2;
}
