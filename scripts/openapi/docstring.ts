import ts from 'typescript';

/** What the docstring of something says, on one line a paragraph; `{}` where it has none. */
export function docstringOf(symbol: ts.Symbol, checker: ts.TypeChecker): { description?: string } {
  const description = asText(ts.displayPartsToString(symbol.getDocumentationComment(checker)));
  return description === '' ? {} : { description };
}

/** Lines that belong together become one; `{@link Name}` becomes the name. */
function asText(comment: string): string {
  return comment
    .replace(/\{@link (\S+?)\}/g, '`$1`')
    .replace(/([^\n])\n(?![\n-])/g, '$1 ')
    .trim();
}
