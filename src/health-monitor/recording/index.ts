export { readRecording, RecordingError } from './read-recording.js';
export { Recorder } from './recorder.js';
export {
  recordedOptions,
  RECORDING_FORMAT,
  type Outcome,
  type RecordedFact,
  type Recording,
  type RecordingHeader,
} from './recording.js';
export { replay, type ReplayedFact } from './replay.js';
