import type { TimedBytes } from './growth-rule.js';

/** The latest samples of one container, at most `capacity`, in 16 bytes each. */
export class SampleHistory {
  private readonly times: Float64Array;
  private readonly figures: Float64Array;
  private next = 0;
  private size = 0;

  constructor(private readonly capacity: number) {
    this.times = new Float64Array(capacity);
    this.figures = new Float64Array(capacity);
  }

  get count(): number {
    return this.size;
  }

  get oldest(): TimedBytes | undefined {
    return this.at(0);
  }

  get latest(): TimedBytes | undefined {
    return this.at(this.size - 1);
  }

  push(at: number, bytes: number): void {
    this.times[this.next] = at;
    this.figures[this.next] = bytes;
    this.next = (this.next + 1) % this.capacity;
    this.size = Math.min(this.size + 1, this.capacity);
  }

  /** Oldest first. */
  all(): TimedBytes[] {
    return Array.from({ length: this.size }, (_, index) => this.at(index)!);
  }

  private at(index: number): TimedBytes | undefined {
    if (index < 0 || index >= this.size) return undefined;
    const slot = (this.next - this.size + index + this.capacity) % this.capacity;
    return { at: this.times[slot]!, bytes: this.figures[slot]! };
  }
}
