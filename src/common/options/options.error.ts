/**
 * The options cannot be used. Thrown once, with everything that is wrong with them. It never holds a value, because
 * values may be secrets.
 */
export class HealthMonitorOptionsError extends Error {
  override readonly name = 'HealthMonitorOptionsError';

  /** @param problems one line each: the option's path, and what was expected there */
  constructor(readonly problems: readonly string[]) {
    super(
      `HealthMonitorModule cannot start with these options:\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    );
  }
}
