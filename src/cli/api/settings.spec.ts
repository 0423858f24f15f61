import { describe, expect, it } from 'vitest';
import { settingsOf } from './settings.js';

describe('the settings', () => {
  it('are this machine and no token where nothing else is said', () => {
    const here = { url: 'http://127.0.0.1:3000/health-monitor', token: null };
    expect(settingsOf({})).toEqual(here);
    expect(settingsOf({ HEALTH_MONITOR_URL: '', HEALTH_MONITOR_TOKEN: '' })).toEqual(here);
  });

  it('are those of the environment, without slashes and line ends that a file left', () => {
    const env = {
      HEALTH_MONITOR_URL: 'https://box.lan/api/health-monitor//',
      HEALTH_MONITOR_TOKEN: 'abc=\n',
    };
    expect(settingsOf(env)).toEqual({ url: 'https://box.lan/api/health-monitor', token: 'abc=' });
  });

  it.each([
    ['box.lan', 'is no http address'],
    ['ftp://box.lan', 'is no http address'],
    ['http://otto:hunter2@box.lan', 'holds a password'],
    ['http://box.lan/?token=hunter2', 'ends in a query'],
    ['http://box.lan/#token=hunter2', 'ends in a query'],
  ])('refuse the address %s, and do not repeat it', (url, problem) => {
    expect(() => settingsOf({ HEALTH_MONITOR_URL: url })).toThrow(problem);
    expect(() => settingsOf({ HEALTH_MONITOR_URL: url })).not.toThrow(/hunter2/);
  });

  it.each(['hunter2 x', 'hunter2\nx', 'hünter2', '=hunter2'])(
    'refuse the token %j, and do not repeat it',
    (token) => {
      expect(() => settingsOf({ HEALTH_MONITOR_TOKEN: token })).toThrow(
        'HEALTH_MONITOR_TOKEN has characters',
      );
      expect(() => settingsOf({ HEALTH_MONITOR_TOKEN: token })).not.toThrow(/nter2/);
    },
  );
});
