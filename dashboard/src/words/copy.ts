import type { DeliveryView, Status, Tier } from '../client.js';
import { bytes, count, duration, exactDuration, list, shortList } from './format.js';

/** Every string of the page. Sentences have the container as their subject, by its exact name. */
export const copy = {
  app: 'Containers',
  skip: 'Skip to content',
  nav: {
    label: 'Pages',
    overview: 'Overview',
    incidents: 'Incidents',
    notifications: 'Notifications',
    webhooks: 'Webhooks',
  },
  unread: (amount: number) => `${amount} unread`,
  untitled: (page: string, node: string) => `${page} · ${node}`,
  problemTitle: (amount: number, rest: string) => `(${amount}) ${rest}`,
  lostTitle: (rest: string) => `? ${rest}`,

  mode: { observe: 'Observing: nothing is touched', viewer: 'View only' },
  startupDelay: (left: string) => `Watching. Healing starts in ${left}`,

  connection: {
    connecting: 'Connecting',
    live: 'Live',
    lost: 'Lost',
    refused: 'Refused',
    details: 'Connection and server',
  },
  panel: {
    title: 'This server',
    connection: 'Connection',
    liveSince: (since: string) => `Live since ${since}`,
    engine: 'Engine',
    answersSince: (since: string) => `answers since ${since}`,
    silentSince: (since: string) => `does not answer since ${since}`,
    lastCheck: 'Last check',
    never: 'not yet',
    storage: 'Storage',
    sqlite: 'SQLite, kept',
    memory: 'In memory, until the server restarts',
    notKept: 'Not kept at the moment',
    webhooks: 'Webhooks',
    webhooksNone: 'none',
    webhooksState: (endpoints: number, failing: number, queued: number) =>
      [
        count(endpoints, 'endpoint'),
        ...(failing > 0 ? [`${failing} failing`] : []),
        ...(queued > 0 ? [`${queued} queued`] : []),
      ].join(', '),
    build: 'Build',
    theme: 'Colours',
    themes: { system: 'System', light: 'Light', dark: 'Dark' },
    keys: 'Keyboard',
    close: 'Close',
  },

  loading: {
    label: 'Connecting to the server',
    slow: 'Still connecting…',
    unknown: 'The server has not answered yet.',
  },
  access: {
    title: 'This page needs a new link from your server.',
    text: 'The link you used is missing its token, or the token no longer counts. Open the page again from where your server offers it.',
    again: 'Try again',
  },
  unreachable: {
    title: 'The live connection is switched off on this server.',
    text: 'The dashboard needs Socket.IO. Set `socket` in the module’s options to switch it on.',
  },

  lost: {
    text: (since: string) => `Connection lost. What you see is from ${since}.`,
    past: (past: string) => `That was ${past}.`,
    reconnect: 'Reconnect now',
    actions: 'The connection is lost. Actions are off until it is back.',
    back: (what: string) => `Back. ${what}`,
    nothing: 'Nothing happened while you were away.',
    missed: (events: number, what: string) =>
      `${count(events, 'event')} happened while you were away${what ? `: ${what}` : '.'}`,
    tooMuch: 'Too much happened to list; what you see is complete.',
    show: 'Show',
    dismiss: 'Dismiss',
    opened: (names: readonly string[]) => `${shortList(names, 3)} had trouble`,
    downFor: (name: string, ms: number) => `${name} was down for ${exactDuration(ms)}`,
  },
  outage: {
    text: (since: string | null) =>
      `Podman does not answer${since ? ` since ${since}` : ''}. Nothing is decided and nothing is restarted until it does.`,
    actions: 'Podman does not answer. This is off until it does.',
  },
  degraded: (problem: string) => `Changes are not kept at the moment: ${problem}`,
  newBuild: 'A newer version is ready.',
  reload: 'Reload',

  headline: {
    lastKnown: (headline: string) => `Last known: ${headline}`,
    none: 'No containers yet.',
    noneDetail: 'When Podman has one, it appears here.',
    all: (total: number) =>
      total === 1 ? 'The one container is healthy.' : `All ${total} containers are healthy.`,
    allWatched: (watched: number, off: number) =>
      `All ${watched} watched containers are healthy; ${off} ${off === 1 ? 'is' : 'are'} off by choice.`,
    allOff: (off: number) => `${count(off, 'container')}, all off by choice.`,
    back: (names: string, amount: number) => `${names} ${amount === 1 ? 'is' : 'are'} up again.`,
    watched: (amount: number) => `The monitor watches whether ${amount === 1 ? 'it stays' : 'they stay'} up.`,
    settling: (what: string) => `Nothing is wrong. ${what}`,
    one: (name: string, is: string) => `${name} ${is}.`,
    waitFor: (amount: number) => ` ${count(amount, 'container')} ${amount === 1 ? 'waits' : 'wait'} for it.`,
    worst: (amount: number, name: string, is: string) =>
      `${count(amount, 'incident')} are open. The worst: ${name} ${is}.`,
    engine: 'Podman does not answer.',
    healthy: (healthy: number, total: number) => `${healthy} of ${total} containers are healthy.`,
    checked: (past: string) => `Checked ${past}.`,
    neverChecked: 'Not checked yet.',
    acting: {
      restarting: 'The monitor is restarting it.',
      backingOff: 'The monitor tries again.',
      givenUp: 'The monitor has stopped trying for now.',
      unhealthy: 'The monitor is watching it.',
      stuck: 'Podman does not get on with it; only you can help.',
      starting: 'It is starting.',
    },
  },

  /** What a container is, after its name. */
  is: {
    healthy: 'is healthy',
    starting: 'is starting',
    restarting: 'is being restarted',
    unhealthy: 'is unhealthy',
    down: 'is down',
    'backing-off': 'is down',
    'given-up': 'is given up',
    waiting: 'waits',
    stopped: 'is stopped',
    held: 'is on hold',
    ignored: 'is ignored',
  } satisfies Record<Status, string>,
  isCrashLooping: 'keeps crashing',
  isLeaking: 'is leaking memory',

  status: {
    healthy: 'Healthy',
    starting: 'Starting',
    restarting: 'Restarting',
    unhealthy: 'Unhealthy',
    down: 'Down',
    'backing-off': 'Down',
    'given-up': 'Given up',
    waiting: 'Waiting',
    stopped: 'Stopped',
    held: 'On hold',
    ignored: 'Ignored',
    'not-watched': 'Not watched',
    unknown: 'Not known',
  } satisfies Record<Status | 'not-watched' | 'unknown', string>,
  leak: 'Memory leak',
  statusFor: (past: string) => `for ${past}`,
  statusUntil: (until: string) => `until ${until}`,

  tiers: {
    frontend: 'Frontends',
    application: 'Applications',
    dependent: 'Dependents',
    core: 'Core',
    database: 'Databases',
  } satisfies Record<Tier, string>,

  overview: {
    wrongNow: 'Wrong now',
    upAgain: 'Up again',
    soon: 'Soon',
    last24: 'Last 24 hours',
    all: (total: number) => `All containers, ${total}`,
    found: (found: number, total: number) => `${found} of ${count(total, 'container')}`,
    nothingFound: 'No container matches.',
    find: 'Find',
    findHint: 'Find a container',
    onlyNotHealthy: 'only not healthy',
    healthy: (amount: number) => `${amount} healthy`,
    others: (amount: number) => `${amount} more`,
    needs: (name: string, needs: readonly string[], neededBy: readonly string[]) =>
      `${name} needs ${needs.length ? shortList(needs, 6) : 'nothing'}; ${
        neededBy.length
          ? `${shortList(neededBy, 6)} ${neededBy.length === 1 ? 'needs' : 'need'} it`
          : 'nothing needs it'
      }.`,
    needsHint: 'Point at a container to see what it needs, and what needs it.',
    open: 'Open',
    webhooksFailing: (failing: number) =>
      `${count(failing, 'webhook')} ${failing === 1 ? 'has' : 'have'} been failing.`,
    webhooksSoon: 'Webhooks',
  },
  last24: {
    none: 'No incident.',
    healed: (amount: number, ms: number) =>
      amount === 1
        ? `1 incident, over after ${exactDuration(ms)}.`
        : `${count(amount, 'incident')}, ${amount === 2 ? 'both' : 'all'} over; the longest took ${exactDuration(ms)}.`,
    open: (amount: number, open: number) => `${count(amount, 'incident')}, ${open} still open.`,
  },

  incidentCard: {
    opened: (at: string, past: string | null) => (past === null ? `Since ${at}` : `${at}, ${past}`),
    until: (attempt: number) => `until attempt ${attempt}`,
    untilNext: 'until new attempts',
    starting: 'Starting now…',
    later: 'Later than planned',
    used: (used: number, of: number) => `${used} of ${of} used`,
    waitFor: (amount: number, name: string) => `${amount} ${amount === 1 ? 'waits' : 'wait'} for ${name}.`,
    leftAlone: (one: boolean) => `${one ? 'It is' : 'They are'} left alone until it is back.`,
    read: 'Read the incident',
    again: (ms: number) => `Healthy again after ${exactDuration(ms)}`,
    stoppedAt: (at: string) => `Countdown stopped; attempt planned for ${at}.`,
    plannedAt: (at: string) => `Planned for ${at}.`,
  },

  cause: {
    oom: (name: string, limit: number | null) =>
      limit === null
        ? `${name} was killed because the server ran out of memory.`
        : `${name} was killed because it reached its memory limit of ${bytes(limit)}.`,
    killed: (name: string) => `${name} was killed (code 137).`,
    asked: (name: string) => `${name} was asked to stop from outside (code 143).`,
    crashed: (name: string, code: number) => `${name} crashed (code ${code}).`,
    error: (name: string) => `${name} ended with an error (code 1).`,
    ended: (name: string) => `${name} ended by itself (code 0).`,
    code: (name: string, code: number) => `${name} stopped with code ${code}.`,
    down: (name: string) => `${name} is down.`,
    wasDown: (name: string) => `${name} was down.`,
    unhealthy: (name: string) => `${name} does not answer its health check.`,
    wasUnhealthy: (name: string) => `${name} did not answer its health check.`,
    crashLoop: (name: string) => `${name} keeps crashing.`,
    wasCrashLoop: (name: string) => `${name} kept crashing.`,
    leak: (name: string) => `${name} is leaking memory.`,
    wasLeak: (name: string) => `${name} was leaking memory.`,
    engine: 'Podman does not answer.',
    wasEngine: 'Podman did not answer.',
  },

  incidents: {
    title: 'Incidents',
    open: 'Open',
    none: 'No incident in the last 30 days.',
    noneDetail: 'When a container goes down or unhealthy, its story is kept here.',
    victims: (amount: number) => (amount === 0 ? '' : `${count(amount, 'container')} waited`),
    lasted: (ms: number) => exactDuration(ms),
    soFar: (ms: number) => `${exactDuration(ms)} so far`,
    older: 'Older',
  },
  endedBy: {
    attempt: 'healed by the monitor',
    itself: 'recovered by itself',
    person: 'ended by a person',
    dependency: 'ended when what it needs came back',
    none: 'resolved',
    open: 'open',
  },

  incident: {
    back: 'Incidents',
    open: 'open',
    resolved: 'resolved',
    missing: 'There is no such incident.',
    missingDetail: 'It may be older than 30 days.',
    wasFor: (what: string, ms: number) => `${what} for ${exactDuration(ms)}.`,
    waited: (amount: number) => ` ${count(amount, 'container')} waited for it.`,
    wait: (amount: number) => ` ${count(amount, 'container')} ${amount === 1 ? 'waits' : 'wait'} for it.`,
    facts: {
      down: 'Lasted',
      downOpen: 'So far',
      victims: 'Waited for it',
      victimsOpen: 'Wait for it',
      ended: 'Ended',
      attempts: 'Attempts',
      none: 'nothing',
    },
    opened: (at: string) => `Opened ${at}`,
    resolvedAt: (at: string, by: string) => `resolved ${at}, ${by}`,
    notified: (amount: number) => (amount === 0 ? 'no notification' : count(amount, 'notification')),
    cause: 'Cause',
    evidence: 'Evidence',
    lastWords: 'Last lines of its log',
    memoryBefore: 'Its memory in the 12 hours before; the tick marks where the incident began.',
    check: 'Its health check said',
    exit: 'Exit',
    exitText: (code: number, signal: string | null, oom: boolean) =>
      [`code ${code}`, ...(signal ? [signal] : []), ...(oom ? ['out of memory'] : [])].join(', '),
    waitedTitle: 'Waited',
    noAttempts: 'No attempts were spent on them.',
    openContainer: (name: string) => `Open ${name}`,
    happened: 'What happened',
    story: 'Story',
    everything: 'Everything',
    view: 'How much to show',
    copy: 'Copy as text',
    copied: 'Copied',
    waitingFor: (what: string) => `wait for ${what}.`,
    waitsFor: (what: string) => `waits for ${what}.`,
    advice: 'What you can do',
    adviceOom: (name: string, times: number) =>
      `Raise the memory limit of ${name}${times > 1 ? `. It was killed this way ${times} times in the last 30 days` : ''}.`,
    adviceLog: (name: string) => `Read the log of ${name}: the last lines often say what is missing.`,
    adviceLeak: (name: string) => `Restart ${name} at a time that suits you; that gives the memory back.`,
    adviceUnhealthy: (name: string) =>
      `Look at what the health check of ${name} asks for, and whether it has enough time.`,
    adviceNone: 'Nothing. It is over.',
    adviceEngine: 'See that Podman runs on this server.',
    seq: 'No.',
    when: 'When',
    type: 'Type',
    who: 'Container',
    what: 'What',
  },

  container: {
    back: 'All containers',
    missing: (name: string) => `There is no container ${name}.`,
    missingDetail: 'It may have been removed.',
    decided: (past: string) => `decided ${past}`,
    memory: 'Memory, last 24 hours',
    noMemory: 'Its memory has not been measured yet.',
    noLimit: 'no limit',
    limit: (amount: number) => `limit ${bytes(amount)}`,
    forecast: 'forecast',
    floor: 'floor',
    used: 'used',
    now: 'now',
    restart: 'restart',
    usedNow: (used: number, limit: number | null) =>
      used === 0
        ? 'None in use.'
        : limit === null
          ? `${bytes(used)} in use, no limit.`
          : `${bytes(used)} of ${bytes(limit)} in use.`,
    asTable: 'Show as table',
    asChart: 'Show as chart',
    chartKeys: 'Arrow keys move along the chart, with Shift an hour at a time.',
    chartAt: (at: string, used: string) => `${at}: ${used}`,
    strip: 'Last 24 hours',
    attemptsOf: (used: number, of: number) => `${used} of ${of}`,
    needs: 'Needs',
    neededBy: 'Needed by',
    nothing: 'nothing',
    owner: 'Restarted by',
    owners: { monitor: 'the monitor', engine: 'Podman first, by its own policy', systemd: 'systemd' },
    tier: 'Tier',
    exit: 'Last exit',
    exitText: (code: number, words: string, past: string) => `code ${code}${words && ` (${words})`}, ${past}`,
    hold: 'On hold',
    holdText: (reason: string, by: string, until: string) => `“${reason}”, by ${by}, ${until}`,
    holdOpen: 'until it is released',
    image: 'Image',
    id: 'Id',
    copyId: 'Copy id',
    copied: 'Copied',
    rules: 'Rules',
    ruleFrom: {
      config: 'config',
      label: 'label',
      preset: 'preset',
      default: 'default',
      engine: 'engine',
    } as Record<string, string>,
    history: 'History',
    noHistory: 'Nothing has happened to it yet.',
    older: 'Older',
    incidentLink: 'Read the incident',
    waitsFor: (names: readonly string[]) => `Waits for ${list(names)}.`,
  },
  ruleNames: {
    ignore: 'Ignored',
    tier: 'Tier',
    dependsOn: 'Needs',
    unhealthy: 'When unhealthy',
    stopTimeoutMs: 'Time to stop',
    maxAttempts: 'Attempts',
    backoffMs: 'Between attempts',
    on: 'Heals exits',
    onLeak: 'When it leaks',
    leakRestartWindow: 'Leak restarts',
  } as Record<string, string>,
  exitWords: (code: number, oom: boolean): string =>
    oom
      ? 'out of memory'
      : code === 137
        ? 'killed'
        : code === 143
          ? 'asked to stop'
          : code === 139
            ? 'crashed'
            : code === 1
              ? 'ended with an error'
              : code === 0
                ? 'ended by itself'
                : '',

  strip: {
    fine: 'Healthy all the time.',
    down: (times: number, ms: number, at: string) =>
      times === 1
        ? `Down once, ${exactDuration(ms)}, at ${at}.`
        : `Down ${times} times, ${exactDuration(ms)} in all.`,
    unhealthy: (times: number, ms: number, at: string) =>
      times === 1
        ? `Unhealthy once, ${exactDuration(ms)}, at ${at}.`
        : `Unhealthy ${times} times, ${exactDuration(ms)} in all.`,
    off: (ms: number) => `Off by choice for ${exactDuration(ms)}.`,
    waited: (ms: number) => `Waiting for ${exactDuration(ms)}.`,
    notWatched: (from: string, to: string) => `Not watched ${from} to ${to} (the monitor was off).`,
    since: (at: string) => `Watched since ${at}.`,
    span: (what: string, from: string, to: string) => `${what}, ${from} to ${to}`,
  },

  actions: {
    start: { label: 'Start', busy: 'Starting…' },
    startAnyway: { label: 'Start…', busy: 'Starting…' },
    retry: { label: 'Retry now', busy: 'Retrying…' },
    restart: { label: 'Restart…', busy: 'Restarting…' },
    stop: { label: 'Stop…', busy: 'Stopping…' },
    hold: { label: 'Hold…', busy: 'Holding…' },
    release: { label: 'Release', busy: 'Releasing…' },
    busyFor: (busy: string, seconds: number) => (seconds < 1 ? busy : `${busy} ${seconds} s`),
    failed: (what: string) => `That did not work: ${what}`,
    group: (name: string) => `What you can do with ${name}`,
    of: (label: string, name: string) => `${label.replace('…', '')} ${name}`,
  },
  dialogs: {
    cancel: 'Cancel',
    close: 'Close',
    stopTitle: (name: string) => `Stop ${name}?`,
    stopConfirm: (name: string) => `Stop ${name}`,
    restartTitle: (name: string) => `Restart ${name}?`,
    restartConfirm: (name: string) => `Restart ${name}`,
    startTitle: (name: string) => `Start ${name} now?`,
    startConfirm: (name: string) => `Start ${name}`,
    startText: (blockers: readonly string[]) =>
      `${list(blockers)} ${blockers.length === 1 ? 'is' : 'are'} not ready yet, so it may fail again.`,
    dependents: (names: readonly string[]) =>
      `${shortList(names, 8)} ${names.length === 1 ? 'needs' : 'need'} it and will wait.`,
    noDependents: 'Nothing else needs it.',
    staysOff: 'It stays off until you start it.',
    takes: (ms: number) => `Closing its files can take up to ${duration(ms)}.`,
    asking: 'Asking what depends on it…',
    holdTitle: (name: string) => `Hold ${name}?`,
    holdText: 'The monitor does not touch it while the hold lasts, whatever happens to it.',
    holdReason: 'Reason',
    holdReasonHint: 'such as backup or update',
    holdReasonMissing: 'Say why, so that others know.',
    holdFor: 'For how long',
    holdHour: '1 hour',
    holdHours: '4 hours',
    holdOpen: 'Until I release it',
    holdConfirm: (name: string) => `Hold ${name}`,
  },

  notifications: {
    title: (unread: number) => (unread === 0 ? 'Nothing unread' : `${unread} unread`),
    none: 'No notifications.',
    noneDetail: 'When a problem opens, worsens or ends, it is told here.',
    noneFiltered: 'None of this kind.',
    markAll: 'Mark all as read',
    read: 'Mark as read',
    readBusy: 'Marking…',
    dismiss: 'Dismiss',
    dismissBusy: 'Dismissing…',
    incident: 'Incident',
    container: 'Container',
    filter: 'Which to show',
    filters: { all: 'All', error: 'Errors', warning: 'Warnings' },
    levels: { info: 'Information', warning: 'Warning', error: 'Error' },
    unreadMark: 'unread',
  },

  webhooks: {
    title: 'Webhooks',
    intro: 'A webhook tells another system what you are told here: a chat, your phone, your own program.',
    none: 'No webhooks yet.',
    loading: 'Loading webhooks…',
    add: 'Add webhook…',
    addFirst: 'Add a webhook…',
    off: 'The REST API is switched off on this server, so webhooks cannot be shown.',
    delivered: (at: string) => `Last delivered ${at}.`,
    nothingYet: 'Nothing delivered yet.',
    failing: (since: string) => `Failing since ${since}.`,
    next: (at: string, attempt: number) => `Attempt ${attempt} follows at ${at}.`,
    queued: (amount: number) => `${count(amount, 'message')} queued.`,
    disabledBecause: (reason: string) => `Switched off: ${reason}`,
    signedRotating: 'signed with two secrets while the new one is taken over',
    disabled: 'Switched off.',
    fromConfig: 'from config, read-only here',
    signed: 'signed',
    events: (patterns: readonly string[]) => (patterns.length === 0 ? 'everything' : patterns.join(', ')),
    reveal: 'Reveal',
    hide: 'Hide',
    test: 'Test',
    testBusy: 'Sending…',
    tested: (answer: string) => `Test: ${answer}`,
    deliveries: 'Deliveries',
    deliveriesOf: (id: string) => `Deliveries to ${id}`,
    noDeliveries: 'Nothing has been sent yet.',
    remove: 'Remove…',
    newSecret: 'New secret…',
    newSecretBusy: 'Making…',
    newSecretTitle: (id: string) => `Make a new secret for ${id}?`,
    newSecretText: 'It is shown once. The one before counts beside it for 24 hours.',
    newSecretConfirm: 'Make it',
    removeBusy: 'Removing…',
    removeTitle: (id: string) => `Remove ${id}?`,
    removeText: 'It is told nothing from then on, and its deliveries are forgotten.',
    removeConfirm: (id: string) => `Remove ${id}`,
    enable: 'Switch on',
    enableBusy: 'Switching…',
    edit: 'Edit…',
    editTitle: (id: string) => `Edit ${id}`,
    save: 'Save',
    saving: 'Saving…',
    addTitle: 'Add a webhook',
    addConfirm: 'Add',
    adding: 'Adding…',
    fields: {
      id: 'Name',
      idHint: 'such as home; made up if empty',
      url: 'Address',
      format: 'Format',
      events: 'Events',
      eventsHint: 'empty for everything; container.* counts, commas between them',
    },
    formats: { archipelago: 'JSON', slack: 'Slack', discord: 'Discord', ntfy: 'ntfy' } as Record<
      string,
      string
    >,
    secretTitle: 'Its secret, shown once',
    secretText:
      'Give it to the receiver, which checks with it that a message is from here. It is not shown again.',
    secretCopy: 'Copy',
    table: { when: 'When', event: 'Event', answer: 'Answer', next: 'Next attempt', actions: 'Actions' },
    took: (answer: string, ms: number) =>
      `${answer} in ${ms < 100 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`}`,
    notTried: 'not tried',
    tryNow: 'Try now',
    tryNowBusy: 'Trying…',
    replay: 'Replay',
    replayBusy: 'Replaying…',
    status: {
      delivered: 'delivered',
      failed: 'given up',
      pending: 'queued',
      merged: 'merged into a later one',
    } satisfies Record<DeliveryView['status'], string>,
  },

  keyboard: {
    title: 'Keyboard',
    on: 'Single keys are on',
    list: [
      ['/ or Ctrl K', 'find a container'],
      ['g then o, i, n, w', 'go to a page'],
      ['n', 'next problem'],
      ['arrows, Home, End', 'move within containers'],
      ['Enter', 'open'],
      ['Esc', 'close, back'],
      ['?', 'this list'],
    ] as const,
    never: 'No single key stops, restarts or deletes anything.',
  },

  live: {
    opened: (names: readonly string[]) =>
      `${shortList(names, 3)} ${names.length === 1 ? 'has' : 'have'} a problem.`,
    ended: (names: readonly string[]) =>
      `${shortList(names, 3)} ${names.length === 1 ? 'is' : 'are'} well again.`,
    lost: 'Connection lost.',
    back: 'Connection is back.',
  },
  errors: {
    network: 'The server cannot be reached.',
    noRest: 'The REST API is switched off on this server.',
    unknown: (status: number) => `The server answered ${status}.`,
    timeout: 'The server did not answer in time.',
  },
};
