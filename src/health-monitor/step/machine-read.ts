import type { ResolvedOptions } from '../../common/options/index.js';
import { updateMachine, type Message } from '../incidents/index.js';
import { judgeMachine } from '../machine/index.js';
import type { FactOf } from './fact.js';
import type { MonitorState } from './monitor-state.js';

/** What is known of the machine is replaced; what there is to say of it is said at once. Pure. */
export function machineRead(
  state: MonitorState,
  { reading, at }: FactOf<'machine-read'>,
  { host, restart }: Pick<ResolvedOptions, 'host' | 'restart'>,
): { readonly state: MonitorState; readonly messages: readonly Message[] } {
  const machine = reading === null || host === null ? null : judgeMachine(reading, state.machine, host);
  const { incidents, messages } = updateMachine(state.incidents, machine, null, restart.stableAfterMs, at);
  return { state: { ...state, machine, incidents }, messages };
}
