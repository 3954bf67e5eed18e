import ts from 'typescript';
import type { Fault } from './docPage.ts';

/** Exported functions and classes of a source file that have no docblock. */
export function missingDocblocks(file: string, text: string): Fault[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const overloaded = new Set<string>();
  const faults: Fault[] = [];
  for (const statement of source.statements) {
    const name = documentable(statement);
    if (name === undefined || overloaded.has(name)) continue;
    overloaded.add(name);
    if (ts.getJSDocCommentsAndTags(statement).length > 0) continue;
    const { line } = source.getLineAndCharacterOfPosition(statement.getStart(source));
    faults.push({ file, line: line + 1, what: `${name} is exported and has no docblock` });
  }
  return faults;
}

/** The name of an exported function or class; of a constant too, where it is a function. */
function documentable(statement: ts.Statement): string | undefined {
  const isExported =
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
  if (!isExported) return undefined;
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) return statement.name?.text;
  if (!ts.isVariableStatement(statement)) return undefined;
  const [declaration] = statement.declarationList.declarations;
  const value = declaration?.initializer;
  return declaration && value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value))
    ? declaration.name.getText()
    : undefined;
}

/** Adds the names of all identifiers and the keys and strings of a source file to `names`. */
export function addIdentifiers(names: Set<string>, text: string): void {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, text);
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    if (kind === ts.SyntaxKind.Identifier || kind === ts.SyntaxKind.StringLiteral)
      names.add(scanner.getTokenValue());
    else if (kind >= ts.SyntaxKind.FirstKeyword && kind <= ts.SyntaxKind.LastKeyword)
      names.add(scanner.getTokenText());
  }
}
