import { parseSync } from 'vite';
import type { Fault } from './docPage.ts';

/** Exported functions and classes of a source file that have no docblock. */
export function missingDocblocks(file: string, text: string): Fault[] {
  const { program, comments } = parseSync(file, text);
  const documented = new Set<string>();
  const faults: Fault[] = [];
  for (const statement of program.body) {
    if (statement.type !== 'ExportNamedDeclaration' && statement.type !== 'ExportDefaultDeclaration')
      continue;
    const name = documentable(statement.declaration);
    // Of an overloaded function, the first signature carries the docblock.
    if (name === undefined || documented.has(name)) continue;
    documented.add(name);
    const isDocumented = comments.some(
      ({ type, value, end }) =>
        type === 'Block' && value.startsWith('*') && text.slice(end, statement.start).trim() === '',
    );
    if (isDocumented) continue;
    const line = text.slice(0, statement.start).split('\n').length;
    faults.push({ file, line, what: `${name} is exported and has no docblock` });
  }
  return faults;
}

type Program = ReturnType<typeof parseSync>['program'];
type Exported = Extract<
  Program['body'][number],
  { type: 'ExportNamedDeclaration' | 'ExportDefaultDeclaration' }
>;

/** The name of a function or class; of a constant too, where it is a function. */
function documentable(declaration: Exported['declaration']): string | undefined {
  switch (declaration?.type) {
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
    case 'ClassDeclaration':
      return declaration.id?.name;
    case 'VariableDeclaration': {
      const [{ id, init } = {}] = declaration.declarations;
      const isFunction = init?.type === 'ArrowFunctionExpression' || init?.type === 'FunctionExpression';
      return isFunction && id?.type === 'Identifier' ? id.name : undefined;
    }
    default:
      return undefined;
  }
}

/** Comments, strings in quotes, and words of TypeScript and WGSL. */
const TOKENS = /\/\/.*|\/\*[^]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|[A-Za-z_$][\w$]*/g;

/** Adds the words and the strings of a source file to `names`, without its comments. */
export function addIdentifiers(names: Set<string>, text: string): void {
  for (const [token] of text.matchAll(TOKENS))
    if (!token.startsWith('/')) names.add(token.replace(/^(['"])(.*)\1$/, '$2'));
}
