/** The URL of an ntfy endpoint as the server's root, to which JSON is published, and the topic that is its last part. */
export function splitTopic(text: string): { server: string; topic: string } {
  const url = new URL(text);
  const path = url.pathname.replace(/\/+$/, '');
  const topic = path.slice(path.lastIndexOf('/') + 1);
  url.pathname = path.slice(0, path.length - topic.length);
  return { server: url.href, topic };
}

/** Whether an ntfy server takes the URL's last part for a topic. */
export function hasTopic(url: string): boolean {
  return /^[-_A-Za-z0-9]{1,64}$/.test(splitTopic(url).topic);
}
