/** Where the store says what an administrator should know. Nest's `Logger` is one. */
export interface StoreLogger {
  log(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export const SILENT: StoreLogger = { log: () => {}, warn: () => {}, error: () => {} };
