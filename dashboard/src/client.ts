/** The package's own `./client`, from its source: the page is one of its users. */
export * from '../../src/client/index.js';
export type {
  Evidence,
  IncidentKind,
  MemorySample,
  MemoryTrend,
  MemoryView,
  RuleView,
  StatusSpan,
  Victim,
} from '../../src/common/events/index.js';
