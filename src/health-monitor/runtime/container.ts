import type { ContainerState, Health } from '../../common/events/index.js';

/**
 * One container as a list of all containers shows it. Times are milliseconds since 1970; `null` means that it
 * never happened. The infra container of a pod is not listed, but shown with each member of the pod.
 */
export interface ListedContainer {
  /** Full, and of this container only, for ever. */
  readonly id: string;
  /** The key by which we know it, unique at a time: ids change when it is re-created. */
  readonly name: string;
  /** For people. */
  readonly image: string;
  readonly state: ContainerState;
  /** `none` while it does not run. */
  readonly health: Health;
  /** Exit code of its last run, 128 and more for a signal (137: SIGKILL); 0 while it runs and when it never ran. */
  readonly exitCode: number;
  /** Start of its current or last run. Tells one run from another, so it stays the same throughout each. */
  readonly startedAt: number | null;
  /** End of its last run; while it runs, that of the run before. */
  readonly exitedAt: number | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Removed by the engine as soon as it exits (`--rm`). */
  readonly autoRemove: boolean;
  /** Its main process on the host; `null` when it has none, or that cannot be known. */
  readonly pid: number | null;
  /** The main process is gone although the engine still says `running` (its conmon was killed). */
  readonly processVanished: boolean;
  /** The pod whose namespaces it runs in. Left out: it is in none, or inspected, or that pod has no infra container. */
  readonly pod?: Pod;
  /** It holds the namespaces of a pod, and does nothing else. Left out: it does not. */
  readonly isInfra?: boolean;
}

/** Containers that share the namespaces of one more, which does nothing else: the infra container. */
export interface Pod {
  readonly name: string;
  /** Its name is the engine's; people are told of `pod NAME`. */
  readonly infra: Omit<ListedContainer, 'pod'>;
}

/** Whether the engine itself restarts a container that ends. All but `none` have the engine go first. */
export type EngineRestartPolicy = 'none' | 'always' | 'unless-stopped' | 'on-failure';

/** What the engine knows of a container's health check. */
export interface HealthCheck {
  readonly intervalMs: number;
  readonly startPeriodMs: number;
  /** What the engine itself does to the container when the check fails (`--health-on-failure`). */
  readonly onFailure: 'none' | 'kill' | 'restart' | 'stop';
  /** What the engine made of the latest checks, also after the exit; `none`: nothing. */
  readonly lastStatus: Health;
  /** When a check last ended; `null`: none ever ran. */
  readonly lastRunAt: number | null;
  readonly lastOutput: string | null;
}

/** Namespaces of the kernel's that hold no longer than the run of the container that they were taken from. */
export type Namespace = 'network' | 'ipc' | 'pid';

/** Whose namespaces a container runs in, as with `--network container:ID`. */
export interface SharedNamespaces {
  /** Full id of the container that they belong to. */
  readonly of: string;
  /** At least one. */
  readonly which: readonly Namespace[];
}

/** Where the ports of a container can be reached. */
export interface Reach {
  /** Its TCP ports that the host hands on to it. */
  readonly published: readonly {
    /** Of the container. */
    readonly port: number;
    /** An address of the host, such as `127.0.0.1`; that of all interfaces is given as the loopback address. */
    readonly host: string;
    readonly hostPort: number;
  }[];
  /** Its own addresses, which another machine, and the host of a rootless engine, cannot reach. */
  readonly addresses: readonly string[];
  /** It has the network of the host: each of its ports is one of the host's. */
  readonly hostNetwork: boolean;
}

/** A folder or file of the host's that a container has among its own. */
export interface Volume {
  /** Where it is on the host. */
  readonly path: string;
  /** The container may write to it. */
  readonly isWritable: boolean;
}

/** What the probes of a container make of its latest run. */
export interface ProbedHealth {
  /**
   * `not-yet`: it works on getting ready, and asks for patience. `unanswered`: nobody knows, since it cannot be asked, or
   * not in the way that the preset guessed; that counts for nothing.
   */
  readonly health: 'ok' | 'not-yet' | 'failed' | 'unanswered';
  /** What it answered, in words, such as `Verifying blocks…`; of more than one probe, the one that counts. */
  readonly sentence: string;
  /** How far it has come, from 0 to 1; `null`: it does not say. */
  readonly share: number | null;
  /** Roughly how long that will take, in milliseconds; `null`: nobody can tell. */
  readonly leftMs: number | null;
  /** Since when it is so; milliseconds since 1970. */
  readonly since: number;
  /** Of `not-yet`: when people are to know of it, unless it gets any further. `null` of the others. */
  readonly patienceUntil: number | null;
  /** Only a person can get it ready. */
  readonly needsPerson: boolean;
}

/** How a command in a container ended. */
export interface Execution {
  readonly exitCode: number;
  /** The last lines that it wrote, both streams, up to 4,000 characters. */
  readonly output: string;
}

/** A container with everything a decision needs: what a list shows, and what only a closer look tells. */
export interface Container extends ListedContainer {
  /** `null` when the engine does not say. */
  readonly createdAt: number | null;
  readonly restartPolicy: EngineRestartPolicy;
  /** How often the engine's own policy restarted it since a hand last started it. */
  readonly engineRestarts: number;
  /** Full ids of the containers the engine itself starts before this one. */
  readonly requires: readonly string[];
  /** Those of them that the engine was asked for, and has no more. Left out: none; what is read by `inspect` has it never. */
  readonly requiresGone?: readonly string[];
  /** The containers, all of them required, whose namespaces it was created to run in. Left out: there are none. */
  readonly sharesNamespaces?: readonly SharedNamespaces[];
  /** How long it may take to end after being asked to, in milliseconds, before the engine kills it. */
  readonly stopTimeoutMs: number;
  /**
   * The engine's flag that it was asked to stop, by a person or by us; a start takes it back. `null` where the engine
   * has no such flag, or it cannot be read; see {@link EngineInfo.tellsWhoStopped}. Where that is `signals`, a
   * signal that asks for something else sets it, too, and it is `null` of one that runs and was asked to end.
   */
  readonly stoppedByUser: boolean | null;
  /** The engine's flag. Podman never resets it: believe it only together with exit code 137. */
  readonly oomKilled: boolean;
  /**
   * It was made by a command that waits for its end, as `podman run` without `--detach`. Left out where the engine does
   * not say.
   */
  readonly ranInForeground?: boolean;
  /** `null`: it has none. */
  readonly healthCheck: HealthCheck | null;
  /** Left out: the engine does not say, or it has no network. */
  readonly reach?: Reach;
  /** What it has of the file systems of the host: volumes, and folders mounted into it. Left out: nothing, or the engine does not say. */
  readonly volumes?: readonly Volume[];
  /** Left out: it has no probes, or nothing is known yet. What is read by `inspect` has it never. */
  readonly probed?: ProbedHealth;
}

/** One reading of a container's memory. Bytes. */
export interface MemoryReading {
  readonly id: string;
  readonly name: string;
  /** As in {@link ListedContainer}: readings of two runs are never mixed. */
  readonly startedAt: number | null;
  /** Whole bytes, without what the kernel can take back at any time (the file cache), where that is known. */
  readonly usedBytes: number;
  /** `null`: no limit, or one at or above the host's memory. On another host that memory stands in for none. */
  readonly limitBytes: number | null;
  /** Read from the control group, or as the engine gives it; histories of different figures are never mixed. */
  readonly figure: 'cgroup' | 'engine';
}

/**
 * What happened to a container. All but the following only say whom to inspect now.
 *
 * - `stopped`: it was asked to stop; never sent for one that ends by itself
 * - `restarted`: a restart begins; before `died`, one that was asked for, after it, that of the engine's own policy
 * - `cleaned-up`: the engine has put away what was left of its last run (Podman's own; others need not send it)
 * - `created`, `renamed`: all containers are listed anew
 */
export type EngineEventAction =
  | 'created'
  | 'started'
  | 'died'
  | 'cleaned-up'
  | 'stopped'
  | 'killed'
  | 'restarted'
  | 'removed'
  | 'renamed'
  | 'health-checked'
  | 'paused'
  | 'unpaused';

/** Something the engine says happened to a container. */
export interface EngineEvent {
  readonly action: EngineEventAction;
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970, with the engine's full precision as a fraction: later events have later times. */
  readonly at: number;
  /** Of `died` only. */
  readonly exitCode: number | null;
  /** Of `health-checked` only: as the check left it, or found it (Podman 4). `null` where the engine says nothing. */
  readonly health: Health | null;
  /** Of `killed` only: whether the signal asks the container to end. Left out: the engine does not tell the signal. */
  readonly asksToEnd?: boolean;
}

/** A main process ended, as the host shows before the engine tells of it. Its id is the container's. */
export interface ExitHint {
  readonly id: string;
  readonly exitCode: number;
}

/** What an engine is. */
export interface EngineInfo {
  /** `podman`, `podman-cli`, `docker`, or another runtime's own word. */
  readonly kind: string;
  /** Such as `5.4.2`; for people. */
  readonly version: string;
  /** It belongs to a user, and not to the whole machine. */
  readonly rootless: boolean;
  /** Where it was found, for people: a socket's path or a command. Never a secret. */
  readonly address: string;
  /**
   * How the engine tells that a person stopped a container: `flag`, read after a death from
   * {@link Container.stoppedByUser} (Podman from 4.7); `events`, by `stopped` or a second `cleaned-up` within a second
   * of `died` (Podman up to 4.5); `signals`, by a `killed` that asks it to end before `died`, or a `stopped` around it, and
   * its own end looks as if a person stopped all (Docker); `never` (Podman 4.6): then exits that a stop may have caused
   * are left alone.
   */
  readonly tellsWhoStopped: 'flag' | 'events' | 'signals' | 'never';
  /**
   * How far its clock is ahead of ours, in milliseconds; negative: behind. Its containers and events have times of its
   * clock. Left out: the two agree, or it does not say.
   */
  readonly clockAheadMs?: number;
  /**
   * When the oldest event was that the engine still has in its memory, by our clock: milliseconds since 1970. It is the same
   * process as then. Asked where its own end looks as if a person stopped all. Left out: it has none, or does not say.
   */
  readonly remembersSince?: number;
  /** It has forgotten nothing since it came up. Left out: it may have, or does not say. */
  readonly remembersAll?: true;
  /** The folder of this machine in which it keeps images and containers. Left out: it does not say, or it runs on another machine. */
  readonly storageRoot?: string;
  /**
   * How much space the file system of that folder has, bytes, when this was asked. For machines on which we are not: of ours
   * it is read. Left out: it does not say.
   */
  readonly storageSpace?: { readonly sizeBytes: number; readonly freeBytes: number };
  /**
   * When the machine that it is on came up, by our clock: milliseconds since 1970. Asked of machines on which we are not.
   * Default: it does not say.
   */
  readonly machineUpSince?: number | null;
  /** Something a person should know about this engine, such as rootless without linger; else `null`. */
  readonly warning: string | null;
}
