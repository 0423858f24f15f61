/** What people call an engine, from the word that its runtime has for it; another runtime's own word is taken as it is. */
export function engineName(kind: string): string {
  if (kind === 'podman' || kind === 'podman-cli') return 'Podman';
  return kind === 'docker' ? 'Docker' : kind;
}
