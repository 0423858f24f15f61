import { useSignal, useSignalEffect } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { openIncidents } from '../state/problem-state.js';
import { lost, status } from '../state/monitor.js';
import * as copy from '../words/copy/index.js';
import { shown } from '../words/safe-text.js';

interface PageProps {
  /** For the tab; the page's own h1 says more. */
  readonly name: string;
  readonly heading: ComponentChildren;
  /** What makes it another page: the focus moves to the h1 when it changes. */
  readonly id: string;
  readonly before?: ComponentChildren;
  /** What belongs to the heading. */
  readonly under?: ComponentChildren;
  readonly beside?: ComponentChildren;
  readonly children: ComponentChildren;
}

let shownPage: string | null = null;

/** A page: one h1, a title for the tab, and the focus where the reading begins. */
export function Page({ name, heading, id, before, under, beside, children }: PageProps) {
  const h1 = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (shownPage !== null && shownPage !== id) {
      h1.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    shownPage = id;
  }, [id]);
  const latestName = useSignal(name);
  latestName.value = name;
  useSignalEffect(() => {
    document.title = tabTitle(latestName.value);
  });
  return (
    <main id="main" class="page">
      {before}
      <div class="page-head">
        <div class="page-title">
          <h1 ref={h1} tabIndex={-1}>
            {heading}
          </h1>
          {under}
        </div>
        {beside}
      </div>
      {children}
    </main>
  );
}

function tabTitle(name: string): string {
  const node = status.value?.nodeId;
  const title = node === undefined ? name : copy.tabTitle.of(name, shown(node));
  const { open } = openIncidents.value;
  if (lost.value) return copy.tabTitle.lost(title);
  return open > 0 ? copy.tabTitle.open(open, title) : title;
}
