import { describe, expect, it } from 'vitest';
import { failureOf, type Answer } from './answer.js';

const URL = 'http://box.lan/health-monitor';
const HTML = undefined;

function failure(answer: Partial<Answer>, question: { hasToken?: boolean; isAct?: boolean } = {}) {
  const failed = failureOf(
    { status: 200, location: null, body: {}, ...answer },
    { url: URL, hasToken: true, isAct: false, ...question },
  );
  return failed && { message: failed.message, exitCode: failed.exitCode };
}

describe('an answer', () => {
  it('is none of a failure when it is JSON and the status says so', () => {
    expect(failure({ status: 200 })).toBeNull();
  });

  it.each<[string, Partial<Answer>, string]>([
    ['a page', { body: HTML }, 'No health monitor answers'],
    ['nothing there', { status: 404, body: HTML }, 'No health monitor answers'],
    ['no token known', { status: 401 }, 'does not know this token: set HEALTH_MONITOR_TOKEN'],
    ['a viewer', { status: 403 }, "HEALTH_MONITOR_TOKEN needs to be an operator's token."],
    ['a proxy’s page', { status: 502, body: HTML }, 'answers 502 and no reason: is the app running?'],
    [
      'a redirect',
      { status: 301, location: 'https://box.lan/', body: HTML },
      'redirects to https://box.lan/: set',
    ],
    ['an app in trouble', { status: 503, body: { message: 'Later.' } }, 'cannot answer now (503): Later.'],
    ['a limit', { status: 429, body: { message: 'Slowly.' } }, 'cannot answer now (429): Slowly.'],
  ])('of %s ends with 3, with the address and what to do', (_, answer, problem) => {
    const failed = failure(answer);
    expect(failed?.message).toContain(URL);
    expect(failed?.message).toContain(problem);
    expect(failed?.exitCode).toBe(3);
  });

  it('to somebody without a token asks for one', () => {
    expect(failure({ status: 401 }, { hasToken: false })?.message).toBe(
      `${URL} needs a token: set HEALTH_MONITOR_TOKEN.`,
    );
  });

  it('to bad input ends with 2, with every problem', () => {
    const body = { message: ['forMs must be an integer', 'reason must say something'] };
    expect(failure({ status: 400, body }, { isAct: true })).toEqual({
      message: 'forMs must be an integer; reason must say something',
      exitCode: 2,
    });
  });

  it.each([409, 500, 502, 503])('%i to an act ends with 4, with the words of the app', (status) => {
    const body = { message: 'The engine refused:\u001b[2J no such volume' };
    expect(failure({ status, body }, { isAct: true })).toEqual({
      message: 'Not done: The engine refused: no such volume',
      exitCode: 4,
    });
  });

  it('of a proxy to an act does not say what became of the act', () => {
    expect(failure({ status: 502, body: HTML }, { isAct: true })?.exitCode).toBe(3);
  });
});
