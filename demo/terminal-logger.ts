import { ConsoleLogger } from '@nestjs/common';

/** Who speaks for the monitor; the rest of Nest says only what goes wrong. */
const MONITOR = 'HealthMonitor';

/** Prints the monitor's own lines as they are, once it is shown, and of everybody else only warnings and errors. */
export class TerminalLogger extends ConsoleLogger {
  private isShown = false;

  constructor() {
    super({ logLevels: ['log', 'warn', 'error', 'fatal'] });
  }

  /** From now on the monitor's lines are printed: before, an error says all there is to say. */
  show(): void {
    this.isShown = true;
  }

  override log(message: unknown, context?: string): void {
    if (context === MONITOR) this.print(message);
  }

  override warn(message: unknown, context?: string): void {
    if (context === MONITOR) this.print(message);
    else super.warn(message, context);
  }

  override error(message: unknown, ...more: string[]): void {
    if (more.at(-1) === MONITOR) this.print(message);
    else super.error(message, ...more);
  }

  private print(message: unknown): void {
    if (this.isShown) console.log(`      ${String(message)}`);
  }
}
