/** What a page is told by its browser; elsewhere, such as in Node.js, none of it exists. */
interface Page {
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
  readonly document?: Page & { readonly visibilityState?: string };
}

/**
 * Calls `offline` when the device says that it lost its network, and `wake` when it is back or the page is looked
 * at again. Returns how to stop it.
 */
export function watchPage(on: { offline(): void; wake(): void }): () => void {
  const page = globalThis as unknown as Page;
  const offline = () => on.offline();
  const online = () => on.wake();
  const visible = () => {
    if (page.document?.visibilityState === 'visible') on.wake();
  };
  page.addEventListener?.('offline', offline);
  page.addEventListener?.('online', online);
  page.document?.addEventListener?.('visibilitychange', visible);
  return () => {
    page.removeEventListener?.('offline', offline);
    page.removeEventListener?.('online', online);
    page.document?.removeEventListener?.('visibilitychange', visible);
  };
}
