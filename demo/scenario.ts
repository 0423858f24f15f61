import type { ProcessRuntime } from './process-runtime/index.js';

/** What the scenario can do to the fleet. */
export interface Stage {
  readonly runtime: ProcessRuntime;
  /** Puts a container on hold, as a backup script does before it copies files. */
  readonly hold: (name: string, reason: string) => Promise<void>;
}

interface Step {
  /** Seconds after the start of the demo. */
  readonly at: number;
  readonly watch: string;
  readonly happens: (scenario: Scenario, stage: Stage) => unknown;
}

interface Weakness {
  readonly afterMs: number;
  readonly exitCode: number;
  readonly lastWords: string;
  /** How many starts it takes to overcome it. */
  starts: number;
}

const LEAK_BYTES = 400_000;
const LEAK_EVERY_MS = 500;
const LND_CRASHES_EVERY_MS = 150_000;

const STEPS: readonly Step[] = [
  {
    at: 0,
    watch:
      'immich_server leaks memory (an hour in six seconds): warned of before 1:00, killed at its limit after 4:00',
    happens: (scenario, { runtime }) =>
      scenario.repeat(LEAK_EVERY_MS, () => runtime.tell('immich_server', `grow ${LEAK_BYTES}`)),
  },
  {
    at: 10,
    watch: 'jellyfin is put on hold for a backup, then ends: it is left alone until you release it',
    happens: async (scenario, { runtime, hold }) => {
      await hold('jellyfin', 'Backup of the media library');
      scenario.later(3_000, () => runtime.tell('jellyfin', 'exit 143'));
    },
  },
  {
    at: 15,
    watch: 'archy-lnd crashes with 139 (SIGSEGV) and is back at once; so again every few minutes',
    happens: (scenario, { runtime }) => {
      const crash = (): void => {
        runtime.tell('archy-lnd', 'warn panic: invalid memory address or nil pointer dereference');
        runtime.tell('archy-lnd', 'signal SEGV');
      };
      crash();
      scenario.repeat(LND_CRASHES_EVERY_MS, crash);
    },
  },
  {
    at: 25,
    watch:
      'archy-mempool-db dies and takes two attempts; mempool-api and mempool-web wait, and follow in order',
    happens: (scenario, { runtime }) => {
      scenario.weaken('archy-mempool-db', {
        afterMs: 1_500,
        exitCode: 1,
        lastWords: 'InnoDB: log sequence number is in the future, recovering',
        starts: 1,
      });
      runtime.tell('archy-mempool-db', 'signal KILL');
      scenario.later(500, () =>
        runtime.tell('archy-mempool-api', 'warn connect ECONNREFUSED mempool-db:3306'),
      );
      scenario.later(600, () => runtime.tell('archy-mempool-api', 'exit 1'));
      scenario.later(1_000, () => runtime.tell('archy-mempool-web', 'exit 1'));
    },
  },
  {
    at: 45,
    watch: 'homeassistant is stopped by its user, outside the monitor: it stays stopped',
    happens: (_, { runtime }) => runtime.stopByHand('homeassistant'),
  },
  {
    at: 50,
    watch: 'nextcloud-migration ends with exit 0: finished work is not started again',
    happens: (_, { runtime }) => {
      runtime.tell('nextcloud-migration', 'say 42 of 42 migrations applied');
      runtime.tell('nextcloud-migration', 'exit 0');
    },
  },
  {
    at: 55,
    watch: 'archy-fedimint crashes after every start; after three attempts it is given up',
    happens: (scenario, { runtime }) => {
      scenario.weaken('archy-fedimint', {
        afterMs: 1_500,
        exitCode: 1,
        lastWords: 'Error: database schema 7 is newer than this program (5)',
        starts: Infinity,
      });
      runtime.tell('archy-fedimint', 'exit 1');
    },
  },
  {
    at: 75,
    watch: 'nextcloud fails its health check and is restarted',
    happens: (_, { runtime }) => runtime.tell('nextcloud', 'sick HTTP 500 from /status.php'),
  },
  {
    at: 85,
    watch: 'nextcloud-db fails its health check: a database is never restarted for that, you are told',
    happens: (scenario, { runtime }) => {
      runtime.tell('nextcloud-db', 'sick FATAL: remaining connection slots are reserved');
      scenario.later(30_000, () => runtime.tell('nextcloud-db', 'well'));
    },
  },
  {
    at: 100,
    watch: 'vaultwarden crashes; its engine has a restart policy for it, so the monitor lets that go first',
    happens: (_, { runtime }) => runtime.tell('vaultwarden', 'exit 101'),
  },
  {
    at: 110,
    watch: 'what archy-fedimint died of is put right: it comes back when it is tried again, before 4:00',
    happens: (scenario) => scenario.mend('archy-fedimint'),
  },
  {
    at: 130,
    watch:
      'the engine itself cannot be reached: you are told once, and nothing is decided; archy-nbxplorer dies meanwhile',
    happens: (scenario, { runtime }) => {
      runtime.goAway();
      scenario.later(5_000, () => runtime.tell('archy-nbxplorer', 'exit 1'));
    },
  },
  {
    at: 150,
    watch: 'the engine is back: you are told once more, and archy-nbxplorer is started',
    happens: (_, { runtime }) => runtime.comeBack(),
  },
];

/** What to watch when, for people. */
export const watchList: string = STEPS.map(({ at, watch }) => `  ${clock(at)}  ${watch}`).join('\n');

/** Lets things go wrong in the fleet, by itself, until it is ended. */
export class Scenario {
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly weaknesses = new Map<string, Weakness>();
  private readonly ending = new AbortController();

  constructor(private readonly stage: Stage) {}

  /** @param tell called with a line for people at each step */
  begin(tell: (line: string) => void): void {
    void this.watchStarts();
    for (const step of STEPS) {
      this.later(step.at * 1_000, async () => {
        tell(`${clock(step.at)}  ${step.watch}`);
        await step.happens(this, this.stage);
      });
    }
  }

  end(): void {
    this.ending.abort();
    for (const timer of this.timers) clearTimeout(timer);
  }

  later(ms: number, act: () => unknown): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      void this.attempt(act);
    }, ms);
    this.timers.add(timer);
  }

  repeat(ms: number, act: () => unknown): void {
    this.timers.add(setInterval(() => void this.attempt(act), ms));
  }

  /** From now on it ends soon after it is started, as many times as the weakness says. */
  weaken(name: string, weakness: Weakness): void {
    this.weaknesses.set(name, { ...weakness });
  }

  /** From now on it stays up when it is started. */
  mend(name: string): void {
    this.weaknesses.delete(name);
  }

  private async watchStarts(): Promise<void> {
    for await (const { action, name } of this.stage.runtime.record.read({ signal: this.ending.signal })) {
      const weakness = action === 'started' ? this.weaknesses.get(name) : undefined;
      if (!weakness || weakness.starts-- <= 0) continue;
      this.later(weakness.afterMs, () => {
        this.stage.runtime.tell(name, `warn ${weakness.lastWords}`);
        this.stage.runtime.tell(name, `exit ${weakness.exitCode}`);
      });
    }
  }

  /** A step that fails must not end the demo. */
  private async attempt(act: () => unknown): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!this.ending.signal.aborted) console.error(`A step of the demo failed: ${String(error)}`);
    }
  }
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
