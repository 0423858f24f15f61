import { defineConfig } from 'vitest/config';

/** What needs nothing but this process. */
const IN_PROCESS = ['src/**/*.spec.ts', 'dashboard/**/*.spec.ts', 'test/{behaviour,step,text}/**/*.spec.ts'];

export default defineConfig({
  test: {
    reporters: ['default', './test/closing-line.reporter.ts'],
    // Half of the time of most tests is waiting for engines, browsers and processes.
    maxWorkers: 2,
    projects: [
      // Most of their time would go into loading Nest anew for each file.
      project('in process', { include: IN_PROCESS, isolate: false }),
      project('real', { include: ['test/**/*.spec.ts'], exclude: IN_PROCESS }),
    ],
  },
});

function project(name: string, files: { include: string[]; exclude?: string[]; isolate?: boolean }) {
  return {
    // Nest finds what to inject by the metadata of decorators.
    oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
    test: {
      name,
      setupFiles: ['test/setup.ts'],
      // Sentences show the host's time of day.
      env: { TZ: 'UTC' },
      testTimeout: 30_000,
      hookTimeout: 60_000,
      ...files,
    },
  };
}
