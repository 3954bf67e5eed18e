/** Comma-separated values as RFC 4180 has them: fields with commas, quotes or line ends are in quotes. */

/** The rows of a table by the names in its first row. Empty lines are left out. */
export function parseTable(text: string): Partial<Record<string, string>>[] {
  const [head = [], ...rows] = parseRows(text.replace(/^\uFEFF/, ''));
  return rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i] ?? ''])));
}

function parseRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // A field, in quotes or not, and what ends it.
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}

/** A table as text, its columns in the order of the names. */
export function formatCsv<Name extends string>(
  names: readonly Name[],
  rows: readonly Readonly<Record<Name, string | number>>[],
): string {
  const lines = [names, ...rows.map((row) => names.map((name) => row[name]))];
  return lines.map((line) => `${line.map(quote).join(',')}\n`).join('');
}

function quote(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
