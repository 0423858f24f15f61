import { describe, expect, it } from 'vitest';
import { RuntimeError } from './runtime-error.js';

describe('RuntimeError', () => {
  it("holds an engine's own words without secrets, also in its stack", () => {
    const error = new RuntimeError('refused', 'cannot start: postgres://u:hunter2@db');
    expect(error.message).toBe('cannot start: postgres://•••@db');
    expect(error.stack).not.toContain('hunter2');
  });

  it('is cut to 1,000 characters, after it was masked', () => {
    const error = new RuntimeError('refused', `${'x'.repeat(990)} postgres://u:hunter2@db`);
    expect(error.message.length).toBe(1_001);
    expect(error.message).not.toContain('hunter2');
  });
});
