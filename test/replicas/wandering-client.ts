import { io, type Socket } from 'socket.io-client';
import type { HealthEvent } from '../../src/common/events/index.js';
import type { Hello, SyncAnswer } from '../../src/notifications/socket-protocol.js';
import type { ClientStep } from './history.js';

/** A client that goes on at the next replica when it loses one, and writes down what it is given. */
export class WanderingClient {
  readonly steps: ClientStep[] = [];
  private socket: Socket | null = null;
  private at = { epoch: '', head: 0 };
  private closed = false;

  /** @param ports of the replicas; it begins with the one at `place` */
  constructor(
    private readonly ports: readonly number[],
    private place: number,
  ) {
    this.connect();
  }

  get head(): number {
    return this.at.head;
  }

  get epoch(): string {
    return this.at.epoch;
  }

  close(): void {
    this.closed = true;
    this.socket?.disconnect();
  }

  private connect(): void {
    const port = this.ports[this.place % this.ports.length];
    const socket = io(`http://127.0.0.1:${port}/health-monitor`, {
      reconnection: false,
      forceNew: true,
      transports: ['websocket'],
      timeout: 2_000,
    });
    this.socket = socket;
    // What its server sent before a sync was answered belongs to no state.
    let epoch: string | null = null;
    socket.on('hello', (hello: Hello) => {
      epoch = null;
      socket
        .timeout(10_000)
        .emit(
          'sync',
          { epoch: this.at.epoch, last: this.at.head },
          (failed: Error | null, answer: SyncAnswer) => {
            if (failed || 'error' in answer) return void socket.disconnect();
            if (answer.mode === 'snapshot') this.begin(answer.epoch, answer.head);
            else this.take(hello.epoch, answer.events);
            epoch = this.at.epoch;
          },
        );
    });
    socket.on('event', (event: HealthEvent) => epoch !== null && this.take(epoch, [event]));
    const wander = () => {
      socket.removeAllListeners();
      socket.disconnect();
      this.place++;
      if (!this.closed) setTimeout(() => this.connect(), 100);
    };
    socket.once('disconnect', wander);
    socket.once('connect_error', wander);
  }

  private begin(epoch: string, head: number): void {
    this.steps.push({ kind: 'snapshot', epoch, head });
    this.at = { epoch, head };
  }

  private take(epoch: string, events: readonly HealthEvent[]): void {
    if (events.length === 0) return;
    this.steps.push({ kind: 'events', epoch, events });
    this.at = { epoch, head: events.at(-1)!.seq };
  }
}
