import { describe, expect, it, vi } from 'vitest';
import { href, parse } from './router.js';

vi.hoisted(() => vi.stubGlobal('location', { hash: '' }));

describe('the address of the overview', () => {
  it('remembers what is shown', () => {
    const shown = { find: 'l n', only: true, host: 'attic' };
    expect(href.overview(shown)).toBe('#/?host=attic&find=l+n&only=1');
    expect(parse(href.overview(shown))).toEqual({ page: 'overview', ...shown });
  });

  it('is short where all is shown', () => {
    expect(href.overview()).toBe('#/');
    expect(href.overview({ find: '', only: false, host: '' })).toBe('#/');
    expect(parse('#/')).toEqual({ page: 'overview', find: '', only: false, host: '' });
  });
});
