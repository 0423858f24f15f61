import { computed } from '@preact/signals';
import type { Causes } from '../client.js';
import { externals, views } from './monitor.js';

/** How whatever can cause an incident is now. Reading it depends on every container. */
export const causes = computed<Causes>(() => {
  const known = views.value;
  const outside = externals.value;
  return {
    statusOf: (name) => known.get(name)?.status,
    isUp: (id) => outside.get(id)?.status === 'up',
  };
});
