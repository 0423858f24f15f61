import type { ComponentChildren } from 'preact';
import type { Status } from '../client.js';
import type { Mark } from '../model/story.js';

export type ShapeName = Status | Mark | 'not-watched' | 'unknown';

const OCTAGON = 'M6.9 2.2h6.2l4.7 4.7v6.2l-4.7 4.7H6.9l-4.7-4.7V6.9z';
const CROSS = 'm7.2 7.2 5.6 5.6m0-5.6-5.6 5.6';

/** A form for each status, on a grid of 20: distinct without any colour. */
const SHAPES: Record<ShapeName, ComponentChildren> = {
  healthy: (
    <>
      <circle cx="10" cy="10" r="7.6" />
      <path d="m6.5 10.3 2.5 2.4 4.6-5.1" />
    </>
  ),
  starting: (
    <>
      <circle cx="10" cy="10" r="7.6" stroke-dasharray="3 2.97" />
      <path d="M10 6v4.2l2.7 1.7" />
    </>
  ),
  'not-yet': (
    <>
      <circle cx="10" cy="10" r="7.6" />
      <path d="M10 2.4a7.6 7.6 0 0 1 0 15.2z" class="filled" />
    </>
  ),
  restarting: (
    <>
      <path d="M16.9 8.3A7.2 7.2 0 1 0 17.2 11" />
      <path d="M17.6 3.6v4.9h-4.9" />
    </>
  ),
  unhealthy: (
    <>
      <path d="M10 2.6 18.2 17H1.8z" />
      <path d="M10 8v4.2m0 2.3v.1" />
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
      <path d="M4.5 2.5h11m-11 15h11" />
      <path d="M6 2.5c0 4 4 5 4 7.5s-4 3.5-4 7.5M14 2.5c0 4-4 5-4 7.5s4 3.5 4 7.5" />
      <path d="M8 16.2h4" />
    </>
  ),
  'crash-looping': (
    <>
      <path d="M16.9 8.3A7.2 7.2 0 1 0 17.2 11" />
      <path d="M17.6 3.6v4.9h-4.9" />
      <path d="m7.8 7.8 4.4 4.4m0-4.4-4.4 4.4" />
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
      <path d="m8.6 11.4 2.8-2.8" />
      <path d="M9.3 6.6 11 4.9a2.9 2.9 0 0 1 4.1 4.1l-1.7 1.7" />
      <path d="M10.7 13.4 9 15.1A2.9 2.9 0 0 1 4.9 11l1.7-1.7" />
    </>
  ),
  stopped: <rect x="3.5" y="3.5" width="13" height="13" rx="1.5" />,
  held: <path d="M7 4v12m6-12v12" stroke-width="3.2" />,
  ignored: <circle cx="10" cy="10" r="7.2" stroke-dasharray=".1 3.2" stroke-width="2.2" />,
  leak: (
    <>
      <path d="m2.5 16 4-3.8 2.7 2.1L17 5" />
      <path d="M12.2 4.5H17.5v5.3" />
    </>
  ),
  notification: <circle cx="10" cy="10" r="2" class="filled" />,
  'not-watched': <path d="M3 10h.1m4.5 0h.1m4.5 0h.1m4.5 0h.1" stroke-width="2.6" />,
  unknown: (
    <>
      <circle cx="10" cy="10" r="7.6" />
      <path d="M7.8 8.1a2.3 2.3 0 1 1 3.3 2.2c-.7.4-1.1.8-1.1 1.6m0 2.3v.1" />
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
