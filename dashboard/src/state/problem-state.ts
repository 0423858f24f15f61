import { computed } from '@preact/signals';
import { isPressing, problems, type Problem } from '../model/problems.js';
import { clock } from './clock.js';
import { incidents, views } from './monitor.js';

/** What is wrong now, in the order in which it is shown. */
export const currentProblems = computed<readonly Problem[]>(() =>
  problems(incidents.value.values(), views.value, clock.value),
);
export const problemCount = computed(() => currentProblems.value.filter(isPressing).length);
