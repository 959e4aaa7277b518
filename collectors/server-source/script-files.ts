import type { SourceFiles } from './own-files.ts'

const bounds = { files: 200, bytes: 2 << 20, lines: 20_000 }
const endings = ['', '.js', '.mjs', '.cjs', '/index.js']

/**
 * A script that no package owns, and the files beside it that it loads by name, and those that they load: absolute paths, the script first.
 * What it loads from elsewhere is a dependency. A name that is worked out while it runs is not seen.
 */
export function scriptFiles(files: SourceFiles, script: string): string[] {
  const found = new Set([script])
  for (const path of found) {
    if (found.size >= bounds.files) break
    const read = files.read(path, bounds.bytes)
    if (read.state !== 'present') continue
    for (const one of loadedBy(files, path, new TextDecoder().decode(read.bytes))) found.add(one)
  }
  return [...found].slice(0, bounds.files)
}

function loadedBy(files: SourceFiles, path: string, text: string): string[] {
  const lines = text.split('\n', bounds.lines)
  const folder = folderOf(path)
  const choices = path.endsWith('.py')
    ? lines.flatMap((line) => pythonFiles(line, folder))
    : relativeFiles(text, folder)
  return choices.flatMap((some) => some.find((one) => isFile(files, one)) ?? [])
}

/** A link counts: that it is not followed is said by whoever reads it. */
function isFile(files: SourceFiles, path: string): boolean {
  const facts = files.inspect(path)
  return facts.state === 'present' && facts.type !== 'folder'
}

/** `import a.b`, `from a import b`, `from .a import b`: for each module the files that it may be, of which the first there is meant. */
function pythonFiles(line: string, folder: string): string[][] {
  const from = /^\s*from\s+(\.*)([\w.]*)\s+import\s+\(?([\w\s,]*)/.exec(line)
  if (from !== null) {
    const [, dots = '', module = '', names = ''] = from
    const base = upFrom(folder, dots.length - 1)
    const whole = [base, ...parts(module)].join('/')
    const inside = names.split(',').map((name) => modulesAt(`${whole}/${(/\w+/.exec(name) ?? [''])[0]}`))
    return module === '' ? inside : [modulesAt(whole), ...inside]
  }
  const plain = /^\s*import\s+([\w.,\s]+)/.exec(line)?.[1] ?? ''
  return plain.split(',').map((one) => modulesAt([folder, ...parts(/[\w.]+/.exec(one)?.[0] ?? '')].join('/')))
}

function parts(module: string): string[] {
  return module.split('.').filter((part) => part !== '')
}

function modulesAt(path: string): string[] {
  return [`${path}.py`, `${path}/__init__.py`]
}

function relativeFiles(text: string, folder: string): string[][] {
  const named = text.matchAll(/\b(?:from|import|require)\s{0,4}\(?\s{0,4}['"](\.{1,2}\/[^'"\n\\]{1,300})['"]/g)
  return [...named].flatMap(([, name]) =>
    name === undefined ? [] : [endings.map((end) => joined(folder, name) + end)],
  )
}

function joined(folder: string, name: string): string {
  const path = folder.split('/')
  for (const part of name.split('/')) {
    if (part === '..') path.pop()
    else if (part !== '.' && part !== '') path.push(part)
  }
  return path.join('/')
}

function upFrom(folder: string, levels: number): string {
  return levels <= 0 ? folder : folder.split('/').slice(0, -levels).join('/')
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}
