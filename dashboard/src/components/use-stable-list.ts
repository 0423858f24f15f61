import { useRef, useState } from 'preact/hooks';

/** A pointer that has rested for so long is not about to press anything, milliseconds. */
const RESTED_MS = 10_000;

/**
 * Keeps a list as it is while the pointer moves or the focus is inside, so that nothing moves under the finger. What
 * the person asked for meanwhile shows at once.
 *
 * @param asked what the person chose to see, as a filter
 * @returns what to show, and the handlers for the element around the list
 */
export function useStableList<T>(latest: T, asked = ''): [T, Record<string, (event: Event) => void>] {
  const [, repaint] = useState(0);
  const inside = useRef({ pointer: false, focus: false, resting: 0 });
  const kept = useRef({ latest, asked });
  const inUse = inside.current.pointer || inside.current.focus;
  if (!inUse || kept.current.asked !== asked) kept.current = { latest, asked };

  const set = (what: 'pointer' | 'focus', value: boolean) => {
    if (inside.current[what] === value) return;
    inside.current[what] = value;
    if (!value) repaint((times) => times + 1);
  };
  const setPointer = (value: boolean) => {
    clearTimeout(inside.current.resting);
    if (value) inside.current.resting = window.setTimeout(() => set('pointer', false), RESTED_MS);
    set('pointer', value);
  };
  return [
    kept.current.latest,
    {
      onPointerMove: (event) => setPointer((event as PointerEvent).pointerType === 'mouse'),
      onPointerLeave: () => setPointer(false),
      onFocusIn: (event) => set('focus', (event.target as Element).matches(':focus-visible')),
      onFocusOut: () => set('focus', false),
    },
  ];
}
