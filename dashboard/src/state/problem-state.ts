import { computed } from '@preact/signals';
import { countOpen } from '../client.js';
import { problems, type Problem } from '../model/problems.js';
import { clock } from './clock.js';
import { causes } from './causes.js';
import { incidents, views } from './monitor.js';

/** What is wrong now, in the order in which it is shown. */
export const currentProblems = computed<readonly Problem[]>(() =>
  problems(incidents.value.values(), views.value, clock.value, causes.value.isUp),
);
/** The number of open incidents, wherever one is shown. */
export const openIncidents = computed(() => countOpen(incidents.value.values(), causes.value));
