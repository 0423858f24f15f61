import { describe, expect, it } from 'vitest';
import { shown } from './safe-text.js';

describe('shown', () => {
  it('leaves ordinary text alone, in any script', () => {
    for (const text of ['archy-lnd', 'immich_server', 'Łódź', '日本語', 'שלום', '🚢'])
      expect(shown(text)).toBe(text);
  });

  it('makes characters visible that can make a text read as another', () => {
    expect(shown('evil\u202Egnp.exe')).toBe('evil⟨U+202E⟩gnp.exe');
    expect(shown('a\u200Bb\u2066c\u0007\u00AD')).toBe('a⟨U+200B⟩b⟨U+2066⟩c⟨U+0007⟩⟨U+00AD⟩');
    expect(shown('tag\u{E0041}')).toBe('tag⟨U+E0041⟩');
  });

  it('clips at 64 characters, and not within one', () => {
    expect(shown('n'.repeat(64))).toHaveLength(64);
    expect(shown('n'.repeat(200))).toBe(`${'n'.repeat(63)}…`);
    expect([...shown('🚢'.repeat(70))]).toHaveLength(64);
  });

  it('shows the whole of it where it is asked to', () => {
    expect(shown('n'.repeat(200), Infinity)).toHaveLength(200);
  });
});
