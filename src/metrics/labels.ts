export type Labels = Readonly<Record<string, string>>;

/** Labels as they stand between the braces: `container="web",status="down"`. Their names are written as they are. */
export function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');
}

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
