import { archipelago } from './archipelago.js';
import { noPreset, type Preset } from './preset.js';

export type { Preset } from './preset.js';

/** The presets by the name that the options use. */
export const PRESETS: Readonly<Record<'archipelago' | 'none', Preset>> = { archipelago, none: noPreset };
