/* global document, location, history, sessionStorage, fetch, requestAnimationFrame, URLSearchParams */
import { io } from '/socket.io/socket.io.esm.min.js';

const TIERS = ['frontend', 'application', 'dependent', 'core', 'database'];
const TIER_TITLES = {
  frontend: 'Frontends',
  application: 'Applications',
  dependent: 'Dependents',
  core: 'Core',
  database: 'Databases',
};
const MARKS = {
  healthy: '✓',
  starting: '↻',
  restarting: '↻',
  'backing-off': '↻',
  waiting: '⋯',
  held: '‖',
  stopped: '■',
  ignored: '·',
  unhealthy: '!',
  down: '✕',
  'given-up': '✕',
};
const WORDS = { held: 'on hold', 'backing-off': 'backing off', 'given-up': 'given up' };
const TROUBLE = new Set(['down', 'given-up', 'unhealthy', 'backing-off', 'restarting']);
const ACTIONS = {
  start: { title: 'Start', suits: (view) => view.status === 'stopped' },
  retry: { title: 'Retry now', suits: (view) => view.status === 'given-up' || view.status === 'backing-off' },
  restart: { title: 'Restart', suits: (view) => view.state === 'running' },
  stop: { title: 'Stop', suits: (view) => view.wish === 'running' },
  hold: { title: 'Hold', suits: (view) => !view.hold, body: { reason: 'Held on the demo page' } },
  release: { title: 'Release', suits: (view) => view.hold },
};

const token = takeToken();
const state = { containers: new Map(), incidents: new Map(), notifications: new Map(), status: null };
const element = (id) => document.getElementById(id);

/** The token comes in the link's fragment, which no server sees; it does not stay in the address. */
function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    sessionStorage.setItem('token', given);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem('token') ?? '';
}

// What the server says

const socket = io('/health-monitor', { auth: { token } });
let epoch = '';
let last = 0;
let syncing = null;

socket.on('hello', () => sync());
socket.on('event', (event) => {
  if (event.seq <= last) return;
  if (event.seq !== last + 1) return void sync();
  last = event.seq;
  apply(event);
  draw();
});
socket.on('memory', ({ samples }) => {
  for (const { container, usedBytes, limitBytes } of samples) {
    const view = state.containers.get(container);
    if (view)
      state.containers.set(container, {
        ...view,
        memory: { trend: null, ...view.memory, usedBytes, limitBytes },
      });
  }
  draw();
});
socket.on('connect', () => showConnection('Live', true));
socket.on('disconnect', () => showConnection('Connection lost, trying again', false));
socket.on('connect_error', (error) => {
  const refused = !socket.active;
  showConnection(refused ? 'Refused' : 'No connection, trying again', false);
  if (refused)
    showProblem(`The server refused the token (${error.message}). Open the link that the demo printed.`);
});

function sync() {
  syncing ??= socket
    .timeout(5_000)
    .emitWithAck('sync', { epoch, last })
    .then((answer) => {
      if (answer.error) throw new Error(answer.error);
      if (answer.mode === 'snapshot') takeSnapshot(answer.state);
      else answer.events.forEach(apply);
      epoch = answer.epoch ?? epoch;
      last = answer.head;
      draw();
    })
    .catch((error) => showProblem(`The server's state could not be read: ${error.message}`))
    .finally(() => (syncing = null));
  return syncing;
}

function takeSnapshot({ containers, incidents, notifications, status }) {
  state.containers = new Map(containers.map((view) => [view.name, view]));
  state.incidents = new Map(incidents.map((incident) => [incident.id, incident]));
  state.notifications = new Map(notifications.map((notification) => [notification.id, notification]));
  state.status = status;
}

function apply({ type, container, data }) {
  if (type === 'container.removed') state.containers.delete(container);
  else if (data.view) state.containers.set(data.view.name, data.view);
  if (data.incident) state.incidents.set(data.incident.id, data.incident);
  if (data.notification) state.notifications.set(data.notification.id, data.notification);
  if (type === 'notification.removed') state.notifications.delete(data.id);
}

async function act(name, action, button) {
  const { body } = ACTIONS[action];
  button.disabled = true;
  try {
    const answer = await fetch(`health-monitor/containers/${encodeURIComponent(name)}/${action}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body ?? {}),
    });
    if (!answer.ok) {
      const { message } = await answer.json().catch(() => ({ message: answer.statusText }));
      showProblem(`${ACTIONS[action].title} ${name}: ${[message].flat().join(' ')}`);
    } else {
      showProblem('');
    }
  } catch {
    showProblem(`${ACTIONS[action].title} ${name}: the server does not answer.`);
  } finally {
    button.disabled = false;
  }
}

// What people see

let due = false;
function draw() {
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    drawVerdict();
    drawIncidents();
    drawContainers();
    drawNotifications();
  });
}

function drawVerdict() {
  const views = [...state.containers.values()];
  const trouble = views.filter(({ status }) => TROUBLE.has(status));
  const waiting = views.filter(({ status }) => status === 'waiting');
  const healthy = views.filter(({ status }) => status === 'healthy');
  let verdict = `All ${views.length} containers are as they should be.`;
  if (trouble.length === 1) verdict = `${trouble[0].appId} needs care: ${word(trouble[0].status)}.`;
  if (trouble.length > 1) verdict = `${trouble.length} containers need care.`;
  setText(element('verdict'), views.length === 0 ? 'No containers yet.' : verdict);
  const waits = waiting.length > 0 ? ` ${waiting.length} wait for what they depend on.` : '';
  setText(element('verdict-detail'), `${healthy.length} of ${views.length} are healthy.${waits}`);
  document.title = trouble.length > 0 ? `(${trouble.length}) Containers` : 'Containers';
  setText(element('node'), state.status ? `Containers on ${state.status.nodeId}` : 'Containers');
  element('mode').hidden = state.status?.mode !== 'observe';
  setText(element('mode'), 'Observing: nothing is touched');
}

function drawIncidents() {
  const open = [...state.incidents.values()].filter(({ status }) => status === 'open');
  element('incidents-section').hidden = open.length === 0;
  keyed(
    element('incidents'),
    open,
    ({ id }) => id,
    newIncident,
    (card, incident) => {
      card.className = `incident ${incident.kind}`;
      setText(card.querySelector('strong'), incident.cause.reason);
      const victims = incident.victims.filter(({ to }) => to === null).map(({ container }) => appIdOf(container));
      const since = `Since ${timeOf(incident.openedAt)}.`;
      setText(
        card.querySelector('p'),
        victims.length > 0 ? `${since} Waiting for it: ${victims.join(', ')}.` : since,
      );
    },
  );
}

function newIncident() {
  const card = make('article');
  card.append(make('strong'), make('p', 'quiet'));
  return card;
}

function drawContainers() {
  const groups = TIERS.map((tier) => ({
    tier,
    views: [...state.containers.values()]
      .filter((view) => view.tier === tier)
      .sort((a, b) => a.appId.localeCompare(b.appId)),
  })).filter(({ views }) => views.length > 0);
  keyed(
    element('containers'),
    groups,
    ({ tier }) => tier,
    newTier,
    (section, { tier, views }) => {
      setText(section.querySelector('h3'), TIER_TITLES[tier]);
      keyed(section.querySelector('.grid'), views, ({ name }) => name, newContainer, drawContainer);
    },
  );
}

function newTier() {
  const section = make('section');
  section.append(make('h3'), make('div', 'grid'));
  return section;
}

function newContainer({ name }) {
  const card = make('article');
  card.append(make('span', 'mark'), make('span', 'name'), make('span', 'status'));
  card.append(make('p', 'reason'), make('p', 'facts'), make('div', 'actions'));
  for (const [action, { title }] of Object.entries(ACTIONS)) {
    const button = make('button');
    button.type = 'button';
    button.dataset.action = action;
    button.setAttribute('aria-label', `${title} ${name}`);
    setText(button, title);
    button.addEventListener('click', () => void act(name, action, button));
    card.querySelector('.actions').append(button);
  }
  return card;
}

function drawContainer(card, view) {
  card.className = `container ${view.status}`;
  const mark = card.querySelector('.mark');
  mark.setAttribute('aria-hidden', 'true');
  setText(mark, MARKS[view.status] ?? '?');
  setText(card.querySelector('.name'), view.appId);
  setText(card.querySelector('.status'), word(view.status));
  setText(card.querySelector('.reason'), view.decision.reason);
  setText(card.querySelector('.facts'), factsOf(view));
  for (const button of card.querySelectorAll('button'))
    button.hidden = !ACTIONS[button.dataset.action].suits(view);
}

function factsOf(view) {
  const facts = [];
  if (view.memory && view.state === 'running') facts.push(sizeOf(view.memory.usedBytes));
  if (view.attempts > 0) facts.push(`attempt ${view.attempts} of ${view.maxAttempts}`);
  if (view.nextAttemptAt) facts.push(`next at ${timeOf(view.nextAttemptAt)}`);
  if (view.blockedBy.length > 0) facts.push(`waits for ${view.blockedBy.map(appIdOf).join(', ')}`);
  return facts.join(' · ');
}

function drawNotifications() {
  const all = [...state.notifications.values()].sort((a, b) => b.timestamp.localeCompare(a.timestamp));
  element('no-notifications').hidden = all.length > 0;
  keyed(
    element('notifications'),
    all,
    ({ id }) => id,
    newNotification,
    (item, { level, title, message, timestamp }) => {
      item.className = level;
      setText(item.querySelector('time'), timeOf(timestamp));
      setText(item.querySelector('strong'), title);
      setText(item.querySelector('p'), message);
    },
  );
}

function newNotification() {
  const item = make('li');
  item.append(make('time'), make('strong'), make('p'));
  return item;
}

/** Gives `parent` one child an item, in order, and keeps the children of items that stay: focus stays, too. */
function keyed(parent, items, keyOf, create, update) {
  const there = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, index) => {
    const key = keyOf(item);
    let child = there.get(key);
    if (!child) {
      child = create(item);
      child.dataset.key = key;
    }
    there.delete(key);
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
    update(child, item);
  });
  for (const child of there.values()) child.remove();
}

function make(tag, className = '') {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}

function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

function showConnection(text, live) {
  setText(element('connection'), text);
  element('connection').classList.toggle('live', live);
}

function showProblem(text) {
  setText(element('problem'), text);
  element('problem').hidden = text === '';
}

const appIdOf = (name) => state.containers.get(name)?.appId ?? name;
const word = (status) => WORDS[status] ?? status;
const sizeOf = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
const timeOf = (iso) =>
  new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
