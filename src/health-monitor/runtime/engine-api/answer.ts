import { RuntimeError } from '../runtime-error.js';
import { parseTimestamp } from './timestamp.js';

/**
 * One value of an engine's JSON answer, and where it stood. Its readers give the value in a type of ours, or refuse
 * the whole answer with a `RuntimeError` of kind `nonsense`; what engines may leave out has readers of its own.
 */
export class Answer {
  constructor(
    private readonly value: unknown,
    private readonly path: string,
  ) {}

  /** Parses JSON; `what` names it in errors. */
  static parse(text: string, what: string): Answer {
    try {
      return new Answer(JSON.parse(text), what);
    } catch (cause) {
      throw new RuntimeError('nonsense', `${what}: not JSON.`, { cause });
    }
  }

  at(key: string): Answer {
    const { value } = this;
    const own = isRecord(value) && Object.hasOwn(value, key);
    return new Answer(own ? value[key] : undefined, `${this.path}.${key}`);
  }

  /** Missing, or null. */
  get isAbsent(): boolean {
    return this.value === undefined || this.value === null;
  }

  get isString(): boolean {
    return typeof this.value === 'string';
  }

  get isTrue(): boolean {
    return this.value === true;
  }

  /** The text that it is; `null` when it is something else. */
  get text(): string | null {
    return typeof this.value === 'string' ? this.value : null;
  }

  /** The first item of the list that it is; `null` when it is something else, or empty. */
  get first(): Answer | null {
    return Array.isArray(this.value) && this.value.length > 0
      ? new Answer(this.value[0], `${this.path}[0]`)
      : null;
  }

  /** The items of the list that it is; none when it is something else. */
  get list(): readonly Answer[] {
    return Array.isArray(this.value) ? this.items() : [];
  }

  /** What an object holds, by name; nothing when it is something else. */
  entries(): readonly (readonly [string, Answer])[] {
    return isRecord(this.value) ? Object.keys(this.value).map((key) => [key, this.at(key)] as const) : [];
  }

  string(): string {
    if (typeof this.value !== 'string') throw this.not('a string');
    return this.value;
  }

  number(): number {
    if (typeof this.value !== 'number' || !Number.isFinite(this.value)) throw this.not('a number');
    return this.value;
  }

  boolean(): boolean {
    if (typeof this.value !== 'boolean') throw this.not('true or false');
    return this.value;
  }

  record(): Answer {
    if (!isRecord(this.value)) throw this.not('an object');
    return this;
  }

  /** The items of a list; none where the engine left it out. */
  items(): Answer[] {
    if (this.isAbsent) return [];
    if (!Array.isArray(this.value)) throw this.not('a list');
    return this.value.map((item: unknown, index) => new Answer(item, `${this.path}[${index}]`));
  }

  /** An object of strings; empty where the engine left it out. */
  strings(): Readonly<Record<string, string>> {
    if (this.isAbsent) return {};
    if (!isRecord(this.value)) throw this.not('an object');
    return Object.fromEntries(Object.keys(this.value).map((key) => [key, this.at(key).string()]));
  }

  /** `read`, or `otherwise` where the engine left it out. */
  or<T>(otherwise: T, read: (answer: Answer) => T): T {
    return this.isAbsent ? otherwise : read(this);
  }

  /** RFC 3339, as milliseconds since 1970 with all its digits; `null` for the engine's zero time. */
  time(): number | null {
    const at = parseTimestamp(this.string());
    if (Number.isNaN(at)) throw this.not('a time');
    return at <= ZERO_TIME ? null : at;
  }

  /** Seconds since 1970, as milliseconds; `null` for the engine's zero time. */
  unixSeconds(): number | null {
    const milliseconds = this.number() * 1000;
    return milliseconds <= ZERO_TIME ? null : milliseconds;
  }

  /** The error of an answer that is not what was expected. It tells no values, which may be secrets. */
  not(expected: string): RuntimeError {
    const found = this.isAbsent ? 'nothing' : Array.isArray(this.value) ? 'a list' : `a ${typeof this.value}`;
    return new RuntimeError('nonsense', `${this.path}: expected ${expected}, found ${found}.`);
  }
}

/** Go's zero time, 1 January of the year 1, and the Unix epoch both mean that it never happened. */
const ZERO_TIME = 0;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
