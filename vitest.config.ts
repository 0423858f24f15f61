import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Nest finds what to inject by the metadata of decorators.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    include: ['src/**/*.spec.ts', 'dashboard/**/*.spec.ts', 'test/**/*.spec.ts'],
    setupFiles: ['test/setup.ts'],
    reporters: ['default', './test/closing-line.reporter.ts'],
    // Sentences show the host's time of day.
    env: { TZ: 'UTC' },
    // Half of the time of most tests is waiting for engines, browsers and processes.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
