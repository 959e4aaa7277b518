/** What a command line starts: a file, a Python module, a program by its name; or why that cannot be told. */
export type StartedBy =
  | { kind: 'file' | 'module' | 'program' | 'npm-script'; name: string }
  | { kind: 'unknown'; why: string }

/** Start something else, with the words after them. */
const wrappers = new Set(['tini', 'dumb-init', 'exec', 'env', 'catatonit', 'su-exec', 'gosu', 'nice'])
const takesUser = new Set(['su-exec', 'gosu'])
const runners = new Set(['uv', 'poetry', 'pdm'])
const managers = new Set(['npm', 'yarn', 'pnpm'])
/** Options of the interpreters whose value is the next word. */
const takesNext = new Set(['-r', '--require', '--import', '--loader', '--env-file', '-C', '--conditions', '-X', '-W'])

/** Reads a command line as a container starts it. A line for a shell is read where it is plain words. */
export function startedBy(words: readonly string[]): StartedBy {
  const [first, ...rest] = words
  if (first === undefined) return { kind: 'unknown', why: 'it names nothing that it starts' }
  const name = first.slice(first.lastIndexOf('/') + 1)
  if (/^(?:ba|da|a)?sh$/.test(name)) return byShell(rest)
  if (wrappers.has(name)) return startedBy(afterOptions(takesUser.has(name) ? rest.slice(1) : rest))
  if (runners.has(name)) return rest[0] === 'run' ? startedBy(afterOptions(rest.slice(1))) : unknownLine(name)
  if (/^(?:node|nodejs|bun|deno)$/.test(name)) return byInterpreter(rest[0] === 'run' ? rest.slice(1) : rest)
  if (/^(?:python|pypy)[0-9.]*$/.test(name)) return byInterpreter(rest, true)
  if (managers.has(name)) return byManager(rest)
  return { kind: first.includes('/') ? 'file' : 'program', name: first }
}

function unknownLine(name: string): StartedBy {
  return { kind: 'unknown', why: `what ${name} starts is not told from its words` }
}

/** Past options and assignments: `-g --`, `NODE_ENV=production`. */
function afterOptions(words: readonly string[]): string[] {
  const at = words.findIndex((word) => !word.startsWith('-') && !/^\w+=/.test(word))
  return at < 0 ? [] : words.slice(at)
}

function byShell(words: readonly string[]): StartedBy {
  const at = words.findIndex((word) => /^-[a-z]*c$/.test(word))
  const line = at < 0 ? undefined : words[at + 1]
  if (line === undefined) return words[0] === undefined ? unknownLine('a shell') : { kind: 'file', name: words[0] }
  if (!/^[\w./@:=+ -]{1,500}$/.test(line)) return unknownLine('a line for a shell')
  return startedBy(line.split(' ').filter((word) => word !== ''))
}

function byInterpreter(words: readonly string[], isPython = false): StartedBy {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (isPython && word === '-m') return { kind: 'module', name: words[at + 1] ?? '' }
    if (/^-(?:e|c|p|-eval|-print)$/.test(word)) return { kind: 'unknown', why: 'its code stands in its command line' }
    if (!word.startsWith('-')) return { kind: 'file', name: word }
    if (takesNext.has(word)) at++
  }
  return { kind: 'unknown', why: 'it starts an interpreter without a file' }
}

function byManager(words: readonly string[]): StartedBy {
  const [verb, script] = words.filter((word) => !word.startsWith('-'))
  if (verb === 'start' || verb === 'test') return { kind: 'npm-script', name: verb }
  return verb === 'run' && script !== undefined
    ? { kind: 'npm-script', name: script }
    : { kind: 'unknown', why: 'what a package manager starts is not told from its words' }
}
