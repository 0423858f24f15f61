import { ConsoleLogger } from '@nestjs/common';

/** Who speaks for the monitor; the rest of Nest says only what goes wrong. */
const MONITOR = 'HealthMonitor';

/** Prints the monitor's own lines as they are, and of everybody else only warnings and errors. */
export class TerminalLogger extends ConsoleLogger {
  constructor() {
    super({ logLevels: ['log', 'warn', 'error', 'fatal'] });
  }

  override log(message: unknown, context?: string): void {
    if (context === MONITOR) console.log(`      ${String(message)}`);
  }

  override warn(message: unknown, context?: string): void {
    if (context === MONITOR) console.log(`      ${String(message)}`);
    else super.warn(message, context);
  }

  override error(message: unknown, ...more: string[]): void {
    if (more.at(-1) === MONITOR) console.log(`      ${String(message)}`);
    else super.error(message, ...more);
  }
}
