import { defineConfig } from 'vitest/config';

/** What needs nothing but this process. */
const IN_PROCESS = ['src/**/*.spec.ts', 'dashboard/**/*.spec.ts', 'test/{behaviour,step,text}/**/*.spec.ts'];

export default defineConfig({
  test: {
    reporters: ['default', './test/closing-line.reporter.ts'],
    projects: [
      // Most of their time would go into loading Nest anew for each file.
      project('in process', {
        include: IN_PROCESS,
        isolate: false,
        maxWorkers: 2,
        sequence: { groupOrder: 0 },
      }),
      // Two thirds of their time is waiting for engines, browsers and processes.
      project('real', {
        include: ['test/**/*.spec.ts'],
        exclude: IN_PROCESS,
        maxWorkers: 3,
        sequence: { groupOrder: 1 },
      }),
    ],
  },
});

interface Which {
  include: string[];
  exclude?: string[];
  isolate?: boolean;
  maxWorkers: number;
  /** Those of a lower order run first. */
  sequence: { groupOrder: number };
}

function project(name: string, which: Which) {
  return {
    // Nest finds what to inject by the metadata of decorators.
    oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
    test: {
      name,
      setupFiles: ['test/setup.ts'],
      // Sentences show the host's time of day.
      env: { TZ: 'UTC' },
      // No bound on what is tested: a busy machine takes ten times as long.
      testTimeout: 120_000,
      hookTimeout: 120_000,
      expect: { poll: { timeout: 30_000 } },
      ...which,
    },
  };
}
