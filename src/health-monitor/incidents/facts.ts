import type { MemoryTrend } from '../../common/events/index.js';
import type { DiskStanding, JudgedFileSystem } from '../machine/index.js';
import type { Condition } from './condition.js';

/** What ladder and messages ask of a container that causes an incident. */
export interface ContainerFacts {
  readonly condition: Condition;
  readonly victimsAreBack: boolean;
  /** So many are down, and being brought back, that a refused start may have a cause that they share. */
  readonly othersAreDown: boolean;
  readonly now: number;
}

/** What is new about a container's memory. */
export interface LeakFacts {
  readonly container: string;
  /** Found; little time left to its limit; over. */
  readonly kind: 'leak' | 'urgent' | 'cleared';
  readonly trend: Pick<MemoryTrend, 'reason'>;
  readonly now: number;
}

/** What is new about what the engine can show of a container. */
export interface ReadingFacts {
  readonly container: string;
  readonly kind: 'unreadable' | 'readable';
  /** What the engine says of why. */
  readonly words: string;
  /** What its list says of the container: "exited (137)". */
  readonly listed: string;
  readonly now: number;
}

/** What is new about starts that the engine refuses for one cause. */
export interface RefusalFacts {
  readonly kind: 'refused' | 'taken';
  /** Who is refused; of `taken`, who was not started yet. */
  readonly containers: readonly string[];
  /** The engine's reason. */
  readonly words: string;
  readonly now: number;
}

/** What is new about an external. */
export interface ExternalFacts {
  readonly kind: 'down' | 'back';
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  /** Of `down`: what it answered, or why there was no answer. */
  readonly sentence: string;
  /** Of `down`: it answers, and does not get ready. */
  readonly isNotReady: boolean;
  /** Of `down`: it did not work once while this process has asked it. */
  readonly hasNeverWorked: boolean;
  /** Of `down`: who needs it, directly or not. */
  readonly dependents: readonly string[];
  /** Of `back`: nobody is still down because of it. */
  readonly victimsAreBack: boolean;
  readonly now: number;
}

export interface EngineFacts {
  /** Checks fail; they succeed again. */
  readonly kind: 'lost' | 'back';
  /** Whose fault it is: the engine does not answer, or the runtime or the monitor fails. Of `lost` only. */
  readonly by: 'engine' | 'monitor';
  /** It has been so for long enough that people should know. Of `lost` only. */
  readonly lasts: boolean;
  /** Those that went down while it did not answer, and are brought back now. */
  readonly broughtBack: readonly string[];
  readonly now: number;
}

/** How it is with a file system, with what it keeps down. */
export interface DiskFacts {
  /** `full`: starts are withheld for want of space. */
  readonly standing: DiskStanding | 'full';
  readonly fileSystem: JudgedFileSystem;
  /** Who said last that there was no space, in which words; `null`: nobody has just said so. */
  readonly sign: { readonly container: string; readonly words: string } | null;
  readonly victimsAreBack: boolean;
  readonly now: number;
}

/** Whether something else of the machine is wrong, and in which words. */
export interface MachineFacts {
  readonly isWrong: boolean;
  readonly words: string;
  readonly now: number;
}
