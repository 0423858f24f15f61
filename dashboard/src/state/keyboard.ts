import { isPressing } from '../model/problems.js';
import { singleKeys } from './preferences.js';
import { currentProblems } from './problem-state.js';
import { go, href, route } from './router.js';

/** How long after `g` the next key still counts, milliseconds. */
const SEQUENCE_MS = 1_500;
const PAGES: Readonly<Record<string, string>> = {
  o: href.overview(),
  i: href.incidents,
  n: href.notifications,
  w: href.webhooks,
};

/** Keys that go somewhere. No key acts on a container. */
export function startKeyboard(openHelp: () => void): void {
  let awaitingPage = 0;
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
    if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) return handled(event, focusFind);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') return back();
    if (!singleKeys.peek() || isField(event.target)) return;
    if (Date.now() < awaitingPage) {
      awaitingPage = 0;
      const page = PAGES[event.key];
      if (page !== undefined) return handled(event, () => go(page));
    }
    if (event.key === 'g') awaitingPage = Date.now() + SEQUENCE_MS;
    else if (event.key === '/') handled(event, focusFind);
    else if (event.key === '?') handled(event, openHelp);
    else if (event.key === 'n') handled(event, nextProblem);
  });
}

function handled(event: Event, work: () => void): void {
  event.preventDefault();
  work();
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select')
  );
}

/** At once where the field is there, so that what is typed next lands in it. */
function focusFind(): void {
  const field = document.querySelector<HTMLInputElement>('#find');
  if (field) {
    field.focus();
    field.select();
  } else if (route.peek().page !== 'overview') {
    go(href.overview());
    addEventListener('hashchange', () => requestAnimationFrame(() => requestAnimationFrame(focusFind)), {
      once: true,
    });
  }
}

function back(): void {
  const { page } = route.peek();
  if (page === 'container') go(href.overview());
  if (page === 'incident') go(href.incidents);
}

function nextProblem(): void {
  const open = currentProblems.peek().filter(isPressing);
  const current = route.peek();
  const at = current.page === 'incident' ? open.findIndex(({ incident }) => incident.id === current.id) : -1;
  const next = open[(at + 1) % open.length];
  if (next) go(href.incident(next.incident.id));
}
