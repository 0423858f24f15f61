import type { ContainerView, ExternalView } from '../common/events/index.js';
import { knownExternalStatus, knownStatus } from '../common/standing/index.js';

/** A view as this version can show it; the very same where it knows each status in it. Pure. */
export function readView(view: ContainerView): ContainerView {
  const status = knownStatus(view.status);
  const isKnown = status === view.status && view.spans.every((span) => isKnownSpan(span));
  if (isKnown) return view;
  return { ...view, status, spans: view.spans.map((span) => ({ ...span, status: spanStatus(span) })) };
}

/** The same of an external. Pure. */
export function readExternal(view: ExternalView): ExternalView {
  const status = knownExternalStatus(view.status);
  return status === view.status ? view : { ...view, status };
}

type Span = ContainerView['spans'][number];

const spanStatus = ({ status }: Span): Span['status'] =>
  status === 'not-watched' ? status : knownStatus(status);
const isKnownSpan = (span: Span): boolean => spanStatus(span) === span.status;
