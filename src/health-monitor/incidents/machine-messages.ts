import type { NotificationDetails } from '../../common/events/index.js';
import { aboutInWords, asSentence, sizeInWords } from '../../common/text/index.js';
import { enoughToStart, FEW_FILES_SHARE, type FileSystem } from '../machine/index.js';
import { inWords, listed, SPACE_TEST_MS } from '../policy/index.js';
import type { DiskFacts, MachineFacts } from './facts.js';
import type { IncidentRecord } from './incident-record.js';
import type { Message } from './message.js';
import { victimsBack } from './victims.js';

/** What people read of the machine. */

/** What is wrong with a file system, in a sentence that is not another with every figure. */
export function diskReason({ fileSystem, standing }: Pick<DiskFacts, 'fileSystem' | 'standing'>): string {
  const { mount, fullInMs } = fileSystem;
  switch (standing) {
    case 'full':
      return `No space is left on ${mount}.`;
    case 'read-only':
      return `Nothing can be written to ${mount}.`;
    case 'foretold':
      return `${mount} is full in about ${aboutInWords(fullInMs ?? 0)}.`;
    case 'low':
    case 'ok':
      return `Little space is left on ${mount}.`;
  }
}

export const fillsUp = (facts: DiskFacts, incident: IncidentRecord): Message => ({
  ...aboutDisk(facts, incident),
  type: 'host.disk',
  level: 'warning',
  title: `${facts.fileSystem.mount} fills up`,
  message: `${free(facts.fileSystem)} At the rate of late it is full in about ${aboutInWords(facts.fileSystem.fullInMs ?? 0)}. ${whoNeedsIt(facts.fileSystem)} Nothing is kept down for it.`,
});

export const littleSpace = (facts: DiskFacts, incident: IncidentRecord): Message => ({
  ...aboutDisk(facts, incident),
  type: 'host.disk',
  level: 'warning',
  title: `Little space is left on ${facts.fileSystem.mount}`,
  message: `${free(facts.fileSystem)} ${whoNeedsIt(facts.fileSystem)} Nothing is kept down for it. Make space there.`,
});

export function noSpace(facts: DiskFacts, incident: IncidentRecord): Message {
  const { fileSystem, sign } = facts;
  const said = sign === null ? '' : `${sign.container}: ${asSentence(sign.words)} `;
  const least = sizeInWords(enoughToStart(fileSystem));
  return {
    ...aboutDisk(facts, incident),
    type: 'host.disk',
    level: 'error',
    title: `No space is left on ${fileSystem.mount}`,
    message: `${said}${free(fileSystem)} ${whoNeedsIt(fileSystem)} What of that is down is not started before ${least} is free; one is tried every ${inWords(SPACE_TEST_MS)}. Make space there.`,
  };
}

export const cannotBeWritten = (facts: DiskFacts, incident: IncidentRecord): Message => ({
  ...aboutDisk(facts, incident),
  type: 'host.disk',
  level: 'error',
  title: `${facts.fileSystem.mount} is read-only`,
  message: `Nothing can be written to it, and ${listed(facts.fileSystem.lockedOut)} should write there. After errors of a disk the kernel does that: look at its messages (dmesg) before you mount it anew.`,
});

export function diskWellAgain(facts: DiskFacts, incident: IncidentRecord): Message {
  const { mount } = facts.fileSystem;
  const back = victimsBack(incident);
  const also = back.length === 0 ? '' : ` Also back: ${listed(back)}.`;
  const lasted = `${HOW_IT_WAS[incident.kind] ?? 'It was so'} for ${inWords(facts.now - incident.since)}.`;
  return {
    ...aboutDisk(facts, incident),
    type: 'host.disk_ok',
    level: 'info',
    title:
      incident.kind === 'disk-read-only'
        ? `${mount} can be written again`
        : `There is space on ${mount} again`,
    message: `${free(facts.fileSystem)} ${lasted}${also}`,
  };
}

const HOW_IT_WAS: Partial<Record<IncidentRecord['kind'], string>> = {
  disk: 'It was short, or foretold to be,',
  'disk-full': 'It was short',
  'disk-read-only': 'It was read-only',
};

function free({ sizeBytes, freeBytes, freeFilesShare }: FileSystem): string {
  const percent = Math.floor((freeBytes / sizeBytes) * 100);
  const files =
    freeFilesShare === null || freeFilesShare >= FEW_FILES_SHARE
      ? ''
      : ' Hardly any more files can be made there: its inodes are used up.';
  return `${sizeInWords(freeBytes)} of ${sizeInWords(sizeBytes)} (${percent} %) is free.${files}`;
}

function whoNeedsIt({ ofEngine, containers }: FileSystem): string {
  const volumes = containers.length === 0 ? '' : `the volumes of ${listed(containers)}`;
  if (ofEngine)
    return `The engine keeps its images and containers there${volumes === '' ? '' : `, and ${volumes} lie there`}.`;
  return `There lie ${volumes}.`;
}

function aboutDisk(
  { fileSystem, standing }: DiskFacts,
  { id, cause }: IncidentRecord,
): Pick<Message, 'container' | 'incidentId' | 'details'> {
  const { mount, sizeBytes, freeBytes } = fileSystem;
  const reason = standing === 'ok' ? cause.reason : diskReason({ fileSystem, standing });
  const details: NotificationDetails = {
    incident_id: id,
    reason,
    mount,
    size_bytes: sizeBytes,
    free_bytes: freeBytes,
  };
  return { container: null, incidentId: id, details };
}

export const memoryReason = (share: number): string =>
  `For ${Math.round(share * 100)} % of the last five minutes everything waited for memory.`;

export function clockReason(offMs: number): string {
  return `The clock of this machine is ${inWords(Math.abs(offMs))} ${offMs > 0 ? 'ahead of' : 'behind'} that of those who answer its webhooks.`;
}

const told =
  (
    type: Message['type'],
    level: Message['level'],
    title: string,
    words: (facts: MachineFacts, incident: IncidentRecord) => string,
  ) =>
  (facts: MachineFacts, incident: IncidentRecord): Message => ({
    type,
    level,
    title,
    message: words(facts, incident),
    container: null,
    incidentId: incident.id,
    details: { incident_id: incident.id, reason: facts.words },
  });

const wasSo = ({ now }: MachineFacts, { since }: IncidentRecord): string =>
  `It was so for ${inWords(now - since)}.`;

export const memoryIsShort = told(
  'host.memory_pressure',
  'error',
  'The machine is short of memory',
  ({ words }) =>
    `${words} Everything is slow, and the kernel may end processes. Stop what you can do without, or give it more memory.`,
);
export const memoryIsEnough = told('host.memory_ok', 'info', 'The machine has memory again', wasSo);
export const clockIsOff = told(
  'host.clock',
  'error',
  'The clock is wrong',
  ({ words }) =>
    `${words} Certificates, two-factor codes and logs depend on it. See to its time synchronisation (timedatectl).`,
);
export const clockIsRight = told('host.clock_ok', 'info', 'The clock is right again', wasSo);
