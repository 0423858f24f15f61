import { Recorder, recordedOptions, RECORDING_FORMAT } from '../../src/health-monitor/recording/index.js';
import type { Fleet } from './fleet.js';

/** What happened to a fleet and what followed, as the monitor itself would have recorded it. */
export function recordingOf({ facts, setting, state }: Fleet): string {
  const recorder = new Recorder(1_000_000_000);
  for (const { before, fact, step } of facts) recorder.record(before, fact, step);
  return recorder.export(
    {
      kind: 'recording',
      format: RECORDING_FORMAT,
      version: 'test',
      timeZone: 'UTC',
      policy: 'built-in',
      options: recordedOptions(setting.options),
      bootId: setting.bootId,
      ownId: setting.ownId,
    },
    state,
  );
}
