import { duration, list, shortList } from '../format.js';

export const actions = {
  start: { label: 'Start', busy: 'Starting…' },
  startAnyway: { label: 'Start…', busy: 'Starting…' },
  retry: { label: 'Retry now', busy: 'Retrying…' },
  restart: { label: 'Restart…', busy: 'Restarting…' },
  stop: { label: 'Stop…', busy: 'Stopping…' },
  hold: { label: 'Hold…', busy: 'Holding…' },
  release: { label: 'Release', busy: 'Releasing…' },
  recording: {
    label: 'Download a recording',
    busy: 'Downloading…',
    hint: 'What happened lately, for “npx health-monitor replay”.',
  },
  busyFor: (busy: string, seconds: number) => (seconds < 1 ? busy : `${busy} ${seconds} s`),
  failed: (what: string) => `That did not work: ${what}`,
  group: (name: string) => `What you can do with ${name}`,
  of: (label: string, name: string) => `${label.replace('…', '')} ${name}`,
};

export const dialogs = {
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
};
