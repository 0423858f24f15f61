/** What is no JSON stays the text that it is: whoever reads it checks its shape, and says what does not fit. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
