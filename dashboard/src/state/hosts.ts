import { computed } from '@preact/signals';
import { hostsOf } from '../model/hosts.js';
import { status } from './monitor.js';

/** The hosts that are watched, where there are several. */
export const hosts = computed(() => hostsOf(status.value));
