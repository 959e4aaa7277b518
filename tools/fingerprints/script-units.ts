import { scriptWords } from '@upkeep/domain/bundled-code/script-words'
import { transformSync } from 'esbuild'
import ts from 'typescript'

/** A class or function of a module, or what else its top level does, with the words that survive whatever a bundler does. */
export interface ScriptUnit {
  name: string
  words: readonly string[]
}

const targets = ['esnext', 'es2017'] as const
const remembered = new Map<string, readonly string[]>()

/** The units of one module. What a bundler renames (imports, top-level names) is no feature of a unit. */
export function scriptUnits(path: string, text: string): ScriptUnit[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, false, ts.ScriptKind.JS)
  const renamed = renamedNames(source)
  const texts = new Map<string, string>()
  for (const statement of source.statements) {
    const name = unitName(statement)
    if (name === null) continue
    const body = statement.getText(source).replace(/^export (default )?/, '')
    texts.set(name, `${texts.get(name) ?? ''}${body}\n`)
  }
  return [...texts].map(([name, body]) => ({
    name: `${path}#${name}`,
    words: survivingWords(body).filter((word) => !renamed.has(word)),
  }))
}

/** Null for what a bundler may leave out by itself: imports, plain values, and what is exported from elsewhere. */
function unitName(statement: ts.Statement): string | null {
  if (ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement)) return statement.name?.text ?? null
  if (ts.isExpressionStatement(statement)) return 'rest'
  if (!ts.isVariableStatement(statement)) return null
  const [first] = statement.declarationList.declarations
  if (first?.initializer === undefined || !ts.isIdentifier(first.name)) return null
  const { initializer } = first
  if (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer)) return first.name.text
  if (ts.isClassExpression(initializer)) return first.name.text
  // A call may act, so it stays whether or not its result is used.
  return ts.isCallExpression(initializer) ? 'rest' : null
}

/** Top-level names, imported ones, and what is reached through an imported namespace: a bundler links these directly. */
function renamedNames(source: ts.SourceFile): Set<string> {
  const names = topLevelNames(source)
  const imported = new Set<string>()
  for (const statement of source.statements) if (ts.isImportDeclaration(statement)) addImported(statement, imported)
  function visit(node: ts.Node): void {
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression) && imported.has(node.expression.text))
      names.add(node.name.text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return names
}

function topLevelNames(source: ts.SourceFile): Set<string> {
  const names = new Set<string>()
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement))
      for (const one of statement.declarationList.declarations) addNames(one.name, names)
    else if (ts.isImportDeclaration(statement)) addImported(statement, names)
    else if ((ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement)) && statement.name !== undefined)
      names.add(statement.name.text)
  }
  return names
}

function addImported({ importClause }: ts.ImportDeclaration, names: Set<string>): void {
  if (importClause?.name !== undefined) names.add(importClause.name.text)
  const bindings = importClause?.namedBindings
  if (bindings === undefined) return
  if (ts.isNamespaceImport(bindings)) names.add(bindings.name.text)
  else for (const one of bindings.elements) names.add(one.name.text).add(one.propertyName?.text ?? one.name.text)
}

function addNames(name: ts.BindingName, names: Set<string>): void {
  if (ts.isIdentifier(name)) names.add(name.text)
  else for (const one of name.elements) if (ts.isBindingElement(one)) addNames(one.name, names)
}

/** Words that are there as written and after minifying, for new and for older engines. */
function survivingWords(text: string): readonly string[] {
  const known = remembered.get(text)
  if (known !== undefined) return known
  const minified = targets.map((target) =>
    scriptWords(
      transformSync(text, { minify: true, format: 'esm', target, supported: { 'top-level-await': true } }).code,
    ),
  )
  const words = [...scriptWords(text)].filter((word) => minified.every((one) => one.has(word))).sort()
  remembered.set(text, words)
  return words
}
