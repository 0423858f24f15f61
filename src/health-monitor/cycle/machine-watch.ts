import type { Logger } from '@nestjs/common';
import type { MachineView } from '../../common/events/index.js';
import { hostLogger } from '../../common/logging/index.js';
import { readIfFit, soundDocuments, type Put } from '../../common/store/index.js';
import { stackOf } from '../../common/text/index.js';
import type { FileSystemSpace, PathsOf } from '../host/index.js';
import { openOnesOfMachine } from '../incidents/index.js';
import {
  FillHistory,
  isFillDocument,
  isSameMachine,
  judgeMachine,
  type FillDocument,
  type MachineReading,
} from '../machine/index.js';
import { viewMachine, type FactOf, type MonitorState, type Setting } from '../step/index.js';
import { fileSystemsOf, pathsOf } from './machine-reading.js';
import type { MonitorParts } from './monitor-parts.js';
import { RareSaves } from './rare-saves.js';
import { readServedReading, SERVED } from './served.js';
import type { Watch } from './watch.js';

/** Where it is not watched, it is seen to this often that nothing is left of when it was. */
const NOT_WATCHED_EVERY_MS = 30 * 60_000;
/** What was read so lately is not read again for what somebody says. */
const FRESH_MS = 500;
/** Over a network, space is asked about this often: it changes slowly, and an engine's answer costs more than our kernel's. */
const SPACE_ELSEWHERE_EVERY_MS = 5 * 60_000;

/** How much space there is, as it was last read; both times are monotonic. */
interface KnownSpace {
  readonly askedAt: number;
  readonly readAt: number;
  readonly spaces: readonly FileSystemSpace[];
}

export interface MachineWatchHooks {
  readonly state: () => MonitorState;
  readonly setting: () => Pick<Setting, 'ownId'>;
  /** Something of the machine is another that matters: {@link MachineWatch.takeNews} says what. */
  readonly onNews: () => Promise<void>;
}

/** Reads the machine when it is time, and tells when something of it is another that matters. */
export class MachineWatch implements Watch {
  private readonly logger: Logger;
  private readonly fills = new FillHistory();
  private latest: { readonly at: number; readonly reading: MachineReading } | null = null;
  private known: KnownSpace | null = null;
  private news: FactOf<'machine-read'> | null = null;
  /** Monotonic. */
  private nextReadAt = 0;
  private readonly saves: RareSaves;
  private reading: Promise<void> | null = null;
  private closing = false;

  constructor(
    private readonly parts: Pick<
      MonitorParts,
      'host' | 'isRemote' | 'serverTimes' | 'store' | 'stream' | 'clock' | 'options'
    >,
    private readonly hooks: MachineWatchHooks,
  ) {
    this.logger = hostLogger('HealthMonitor', parts.options.ofHost);
    this.saves = new RareSaves(parts, 'file-system', () =>
      this.fills.export().map((value): Put => ({ collection: 'file-system', key: value.mount, value })),
    );
  }

  /** Takes up what an earlier process knew of how file systems fill; what this one knew is void. */
  async begin(): Promise<void> {
    const { store, options } = this.parts;
    const served = (await store.entries('served-reading')).find(([key]) => key === SERVED);
    this.latest = served ? readServedReading(served[1]) : null;
    this.news = null;
    this.readSoon();
    if (options.host === null) return;
    const entries = await store.entries('file-system');
    this.saves.begin(entries.map(([key]) => key));
    this.fills.restore(
      soundDocuments('file-system', entries, readIfFit<FillDocument>(isFillDocument), (problem) =>
        this.logger.warn(problem),
      ),
    );
  }

  /** Asks what is due. Nearly free when nothing is. */
  beat(): void {
    const now = this.parts.clock.monotonic();
    if (now < this.nextReadAt || this.reading !== null || this.closing) return;
    if (this.hooks.state().lastFullCheckAt === null) return;
    this.nextReadAt = now + (this.parts.options.host?.everyMs ?? NOT_WATCHED_EVERY_MS);
    this.read()
      .then(() => this.tell())
      .catch((error: unknown) =>
        this.logger.error('The machine could not be read; the next time is as usual.', stackOf(error)),
      );
  }

  /** Somebody said that there is no space: how it is by now is known when this resolves. Never rejects. */
  async readAgain(): Promise<void> {
    await this.reading?.catch(() => undefined);
    if (this.known !== null && this.parts.clock.monotonic() - this.known.readAt < FRESH_MS) return;
    this.known = null;
    await this.read().catch((error: unknown) =>
      this.logger.error('The machine could not be read.', stackOf(error)),
    );
  }

  /** What others serve may be what another process read: it is read anew. */
  reloaded(): void {
    this.readSoon();
  }

  /** Others may matter now than before. */
  readSoon(): void {
    this.nextReadAt = 0;
    this.known = null;
  }

  /** What is new, once; `null`: nothing. */
  takeNews(): FactOf<'machine-read'> | null {
    const { news } = this;
    this.news = null;
    return news;
  }

  /** The host's clock was set by so many milliseconds. */
  clockSet(by: number): void {
    this.parts.serverTimes.clockSet(by);
    this.fills.clockSet(by);
    this.readSoon();
  }

  view(): MachineView | null {
    return this.latest && viewMachine(this.latest.reading, this.latest.at, this.hooks.state());
  }

  /** Saves what is known. */
  async close(): Promise<void> {
    this.closing = true;
    await this.reading;
    await this.saves.save();
  }

  private read(): Promise<void> {
    this.reading ??= this.readOnce().finally(() => (this.reading = null));
    return this.reading;
  }

  private async readOnce(): Promise<void> {
    const { clock, options } = this.parts;
    // Before, nobody knows which file systems matter.
    if (this.hooks.state().lastFullCheckAt === null) return;
    if (options.host === null) return this.forgetAll();
    const reading = await this.readMachine();
    const at = clock.now();
    this.latest = { at, reading };
    const { machine } = this.hooks.state();
    const isNews = !isSameMachine(machine, judgeMachine(reading, machine, options.host));
    this.news = isNews ? { kind: 'machine-read', at, reading } : null;
  }

  /** What an earlier process told of it, while it was watched, is over. */
  private forgetAll(): void {
    if (openOnesOfMachine(this.hooks.state().incidents).length > 0)
      this.news = { kind: 'machine-read', at: this.parts.clock.now(), reading: null };
  }

  private async readMachine(): Promise<MachineReading> {
    const { host, serverTimes, clock } = this.parts;
    const { ownId } = this.hooks.setting();
    const state = this.hooks.state();
    const { paths, root } = pathsOf(state, ownId);
    const [spaces, memoryPressure] = await Promise.all([this.space(paths, root), host.memoryPressure()]);
    const now = clock.now();
    return {
      fileSystems: fileSystemsOf(spaces, state, root, ({ mount, sizeBytes, freeBytes }) =>
        this.fills.next(mount, sizeBytes, freeBytes, now),
      ),
      memoryPressure,
      clockOffMs: serverTimes.offMs(),
    };
  }

  private async space(paths: readonly string[], root: PathsOf): Promise<readonly FileSystemSpace[]> {
    const { host, clock, isRemote } = this.parts;
    const askedAt = clock.monotonic();
    const { known } = this;
    if (isRemote && known !== null && isRecent(known, askedAt)) return known.spaces;
    const spaces = await host.space(paths, root);
    this.known = { askedAt, readAt: clock.monotonic(), spaces };
    return spaces;
  }

  private async tell(): Promise<void> {
    if (this.news !== null) await this.hooks.onNews();
    await this.serve();
    await this.saves.saveIfDue();
  }

  /** For those that serve what is known here. */
  private async serve(): Promise<void> {
    const { store, stream } = this.parts;
    if (store.shared === null || this.latest === null) return;
    const { at, reading } = this.latest;
    await stream.commit({ put: [{ collection: 'served-reading', key: SERVED, value: { at, reading } }] });
  }
}

/** An engine that did not answer told of none, and is asked again the next time. */
const isRecent = ({ askedAt, spaces }: KnownSpace, now: number): boolean =>
  spaces.length > 0 && now - askedAt < SPACE_ELSEWHERE_EVERY_MS;
