import { useRef, useState } from 'preact/hooks';

/**
 * Keeps a list as it is while the pointer or the focus is inside, so that nothing moves under the finger.
 *
 * @returns what to show, and the handlers for the element around the list
 */
export function useHeldStill<T>(latest: T): [T, Record<string, (event: Event) => void>] {
  const [, repaint] = useState(0);
  const inside = useRef({ pointer: false, focus: false });
  const kept = useRef(latest);
  const still = inside.current.pointer || inside.current.focus;
  if (!still) kept.current = latest;

  const set = (what: 'pointer' | 'focus', value: boolean) => {
    if (inside.current[what] === value) return;
    inside.current[what] = value;
    if (!value) repaint((times) => times + 1);
  };
  return [
    kept.current,
    {
      onPointerEnter: (event) => set('pointer', (event as PointerEvent).pointerType === 'mouse'),
      onPointerLeave: () => set('pointer', false),
      onFocusIn: (event) => set('focus', (event.target as Element).matches(':focus-visible')),
      onFocusOut: () => set('focus', false),
    },
  ];
}
