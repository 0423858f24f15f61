import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';

/** A toy of the engine. Times are milliseconds since 1970. */
export interface Toy {
  readonly id: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly madeAt: number;
  power: 'never-on' | 'on' | 'off';
  onAt: number | null;
  offAt: number | null;
  /** How it ended. */
  code: number;
  /** Somebody switched it off, or wanted to. */
  switchedOff: boolean;
  /** What its latest self-test said, and when; `null`: it has none. */
  test: { readonly passed: boolean; readonly at: number } | null;
  readonly output: string[];
}

/** Something that happened to a toy. No two things have the same time. */
export interface ToyNews {
  readonly what: 'made' | 'on' | 'off' | 'switch' | 'tested';
  readonly toy: Pick<Toy, 'id' | 'name'>;
  readonly at: number;
  readonly code?: number;
  readonly passed?: boolean;
}

/** An engine that knows nothing of the monitor, as engines do; its toys are entries in a list. */
export class ToyEngine extends EventEmitter<{ news: [] }> {
  readonly toys = new Map<string, Toy>();
  readonly news: ToyNews[] = [];
  private latest = 0;

  constructor(private readonly now: () => number = Date.now) {
    super();
    this.setMaxListeners(0);
  }

  make(name: string, tags: Toy['tags'] = {}): Toy {
    const toy: Toy = {
      id: randomUUID(),
      name,
      tags,
      madeAt: this.now(),
      power: 'never-on',
      onAt: null,
      offAt: null,
      code: 0,
      switchedOff: false,
      test: null,
      output: [],
    };
    this.toys.set(toy.id, toy);
    this.tell('made', toy);
    return toy;
  }

  switchOn(toy: Toy): void {
    const at = this.tell('on', toy);
    Object.assign(toy, { power: 'on', onAt: at, code: 0, switchedOff: false });
    toy.output.push(`${toy.name} is on`);
  }

  switchOff(toy: Toy): void {
    toy.switchedOff = true;
    this.tell('switch', toy);
    this.end(toy, 0);
  }

  /** It ends by itself. */
  end(toy: Toy, code: number): void {
    const at = this.tell('off', toy, { code });
    Object.assign(toy, { power: 'off', offAt: at, code });
  }

  selfTest(toy: Toy, passed: boolean): void {
    toy.test = { passed, at: this.tell('tested', toy, { passed }) };
  }

  private tell(
    what: ToyNews['what'],
    { id, name }: Toy,
    more: Pick<ToyNews, 'code' | 'passed'> = {},
  ): number {
    this.latest = Math.max(this.now(), this.latest + 0.001);
    this.news.push({ what, toy: { id, name }, at: this.latest, ...more });
    this.emit('news');
    return this.latest;
  }
}
