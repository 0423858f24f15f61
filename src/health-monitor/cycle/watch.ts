/** Something beside the engine's containers that is looked at, each in its own time, while the monitor lives. */
export interface Watch {
  /** Takes up what an earlier process knew. Default: nothing is taken up. */
  begin?(): Promise<void>;
  /** Asks what is due. Nearly free when nothing is. */
  beat(): void;
  /** The documents were replaced by those of another process. Default: nothing depends on them. */
  reloaded?(): void;
  /** Nothing more is asked until the next beat. Default: what is under way ends by itself. */
  rest?(): void;
  /** The wall clock was set by so many milliseconds. Default: nothing depends on it. */
  clockSet?(by: number): void;
  /** Ends what is under way, and saves what is known. */
  close(): Promise<void>;
}
