import type { ComponentChildren } from 'preact';
import type { Status } from '../client.js';
import type { Mark } from '../model/story.js';

export type ShapeName = Status | Mark | 'not-watched' | 'unknown';

const OCTAGON = 'M6.900 2.200h6.200l4.700 4.700v6.200l-4.700 4.700H6.900l-4.700-4.700V6.900z';
const CROSS = 'm7.200 7.200 5.600 5.600m0-5.600-5.600 5.600';

/** A form for each status, on a grid of 20: told apart without any colour. */
const SHAPES: Record<ShapeName, ComponentChildren> = {
  healthy: (
    <>
      <circle cx="10" cy="10" r="7.600" />
      <path d="m6.500 10.300 2.500 2.400 4.600-5.100" />
    </>
  ),
  starting: (
    <>
      <circle cx="10" cy="10" r="7.600" stroke-dasharray="3 2.970" />
      <path d="M10 6v4.200l2.700 1.700" />
    </>
  ),
  restarting: (
    <>
      <path d="M16.900 8.300A7.200 7.200 0 1 0 17.200 11" />
      <path d="M17.600 3.600v4.900h-4.900" />
    </>
  ),
  unhealthy: (
    <>
      <path d="M10 2.600 18.200 17H1.800z" />
      <path d="M10 8v4.200m0 2.300v.1" />
    </>
  ),
  down: (
    <>
      <path d={OCTAGON} />
      <path d={CROSS} />
    </>
  ),
  'backing-off': (
    <>
      <path d="M4.500 2.500h11m-11 15h11" />
      <path d="M6 2.500c0 4 4 5 4 7.500s-4 3.500-4 7.500M14 2.500c0 4-4 5-4 7.500s4 3.500 4 7.500" />
      <path d="M8 16.200h4" />
    </>
  ),
  'given-up': (
    <>
      <path d={OCTAGON} class="filled" />
      <path d={CROSS} class="knocked-out" />
    </>
  ),
  waiting: (
    <>
      <path d="m8.600 11.400 2.800-2.800" />
      <path d="M9.300 6.600 11 4.900a2.900 2.900 0 0 1 4.100 4.100l-1.700 1.700" />
      <path d="M10.700 13.400 9 15.100A2.900 2.900 0 0 1 4.900 11l1.700-1.700" />
    </>
  ),
  stopped: <rect x="3.500" y="3.500" width="13" height="13" rx="1.500" />,
  held: <path d="M7 4v12m6-12v12" stroke-width="3.200" />,
  ignored: <circle cx="10" cy="10" r="7.200" stroke-dasharray=".1 3.200" stroke-width="2.200" />,
  leak: (
    <>
      <path d="m2.500 16 4-3.800 2.700 2.100L17 5" />
      <path d="M12.200 4.500H17.500v5.300" />
    </>
  ),
  told: <circle cx="10" cy="10" r="2" class="filled" />,
  'not-watched': <path d="M3 10h.1m4.500 0h.1m4.500 0h.1m4.500 0h.1" stroke-width="2.600" />,
  unknown: (
    <>
      <circle cx="10" cy="10" r="7.600" />
      <path d="M7.800 8.100a2.300 2.300 0 1 1 3.300 2.200c-.7.4-1.100.8-1.100 1.600m0 2.300v.1" />
    </>
  ),
};

/** Decoration: the word always stands beside it. */
export function Shape({ name, size = 20 }: { name: ShapeName; size?: number }) {
  return (
    <svg
      class="shape"
      data-shape={name}
      viewBox="0 0 20 20"
      width={size}
      height={size}
      aria-hidden="true"
      focusable="false"
    >
      {SHAPES[name]}
    </svg>
  );
}
