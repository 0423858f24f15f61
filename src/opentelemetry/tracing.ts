import { Logger } from '@nestjs/common';
import type { Attributes, Context, Span } from '@opentelemetry/api';
import { stackOf } from '../common/text/index.js';
import type { OpenTelemetryApi } from './load-api.js';
import { SCOPE } from './scope.js';

/** A span as it begins. What is `null` is left out. */
export interface SpanStart {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number | null>>;
  /** `request`: it belongs to what is under way, if anything is; `nothing`: it begins a trace of its own. */
  readonly childOf: 'request' | 'nothing';
  /** Whether what others trace within it, as instrumented HTTP clients do, is shown. Default true. */
  readonly showsInner?: boolean;
}

/** What a span says when it has ended. */
export interface SpanEnd {
  readonly attributes: Attributes;
  /** `type`: a word of few there are; `message`: a sentence. `null`: it did not fail. */
  readonly error: { readonly type: string; readonly message: string } | null;
}

/** By this key SDKs know that nothing is to be traced, nor passed on in headers; their own name for it. */
const SUPPRESS_TRACING = 'OpenTelemetry SDK Context Key SUPPRESS_TRACING';

/** Makes spans with whatever SDK the host has set up; without any, they go nowhere. What fails in one is logged, once. */
export class Tracing {
  private readonly logger = new Logger('HealthMonitor');
  private hasFailed = false;

  constructor(private readonly api: OpenTelemetryApi) {}

  /** Runs it within a span. What it gives, or throws, is the answer. */
  async during<T>(start: SpanStart, run: () => Promise<T>, endOf: (result: T) => SpanEnd): Promise<T> {
    const begun = this.quietly(() => this.begin(start));
    if (!begun) return run();
    const { span, within } = begun;
    try {
      const result = await this.api.context.with(within, run);
      this.quietly(() => this.describe(span, endOf(result)));
      return result;
    } finally {
      this.quietly(() => span.end());
    }
  }

  private begin({ name, attributes, childOf, showsInner = true }: SpanStart): {
    span: Span;
    within: Context;
  } {
    const { trace, context, createContextKey, ROOT_CONTEXT, SpanKind } = this.api;
    const parent = childOf === 'nothing' ? ROOT_CONTEXT : context.active();
    const known = Object.fromEntries(
      Object.entries(attributes).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
    );
    const options = { kind: SpanKind.CLIENT, attributes: known };
    const span = trace.getTracer(...SCOPE).startSpan(name, options, parent);
    const within = trace.setSpan(parent, span);
    const hidden = createContextKey(SUPPRESS_TRACING);
    return { span, within: showsInner ? within : within.setValue(hidden, true) };
  }

  private describe(span: Span, { attributes, error }: SpanEnd): void {
    span.setAttributes(attributes);
    if (error === null) return;
    span.setAttribute('error.type', error.type);
    span.setStatus({ code: this.api.SpanStatusCode.ERROR, message: error.message });
  }

  /** Containers are healed, and messages sent, also where an SDK throws. */
  private quietly<T>(doIt: () => T): T | undefined {
    try {
      return doIt();
    } catch (error) {
      if (!this.hasFailed) this.logger.warn(`The SDK of OpenTelemetry failed: ${stackOf(error)}`);
      this.hasFailed = true;
      return undefined;
    }
  }
}
