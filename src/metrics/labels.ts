export type Labels = Readonly<Record<string, string>>;

/** Labels as they stand between the braces: `container="web",status="down"`. Their names are written as they are. */
export function labelText(labels: Labels): string {
  let text = '';
  for (const name in labels) text += `${text === '' ? '' : ','}${name}="${escaped(labels[name]!)}"`;
  return text;
}

/** Hardly any value has something to escape. */
const escaped = (value: string): string =>
  /[\\"\n]/.test(value)
    ? value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
    : value;
