import { type Launch, mark, type Option, type Reading, takeOptions, unknown, type Word } from './launch-words.ts'
import { readNpmSpec } from './package-spec.ts'

type NpmVia = 'npx' | 'npm-exec' | 'bunx' | 'pnpm-dlx' | 'yarn-dlx'

const valueFlags = new Set([
  '-p',
  '--package',
  '-c',
  '--call',
  '-w',
  '--workspace',
  '--registry',
  '--cache',
  '--userconfig',
  '--globalconfig',
  '--prefix',
  '--loglevel',
  '--script-shell',
  '--node-options',
  '--before',
  '-C',
  '--dir',
  '--allow-build',
  '--filter',
  '--config',
])

/** `npx`, `bunx`, `pnpm dlx` and their kin: options, then the package to fetch and run, unless `--package` names it. */
export function readFetchAndRun(via: NpmVia, words: readonly Word[], reading: Reading): Launch {
  // bunx has no `-c` with a value; the others do.
  const { options, rest } = takeOptions(words, (flag) => valueFlags.has(flag))
  const named = options.filter(({ flag }) => flag === '-p' || flag === '--package').map(packageOf)
  for (const word of named) mark(reading, word, 'package')
  if (named.length === 0) mark(reading, rest[0], 'package')
  else mark(reading, rest[0], 'program')
  const specs = named.length > 0 ? named : rest.slice(0, 1)
  if (specs.length === 0 || specs.some((word) => word.text === '')) {
    return options.some(({ flag }) => flag === '-c' || flag === '--call')
      ? { via: 'shell' }
      : unknown('names no package')
  }
  const requests = specs.map((word) => readNpmSpec(word.text))
  const readable = requests.filter((request) => request !== null)
  const main = readable.find((request) => isProgramOf(request.name, rest[0]?.text)) ?? requests[0] ?? null
  if (main === null || readable.length < requests.length) return unknown('names a package in a form that is not shown')
  const packages = readable.map(({ name, requested }) =>
    requested === null || requested === name ? name : `${name}@${requested}`,
  )
  return { via, ecosystem: 'npm', ...main, packages }
}

function packageOf(option: Option): Word {
  return option.value ?? { text: '', index: null }
}

/** With several packages, the one whose own name is the program's is meant. */
function isProgramOf(name: string, program: string | undefined): boolean {
  return program !== undefined && (name === program || name.split('/').at(-1) === program)
}

/** The command's name, and the line without it: options may stand on either side of it. */
function takeCommand(
  words: readonly Word[],
  takesValue: (flag: string) => boolean,
): { command: string | undefined; others: readonly Word[] } {
  const { rest } = takeOptions(words, takesValue)
  const before = words.slice(0, words.length - rest.length)
  return { command: rest[0]?.text, others: [...before, ...rest.slice(1)] }
}

const npmValueFlags = new Set([
  '-p',
  '--package',
  '--prefix',
  '-C',
  '--registry',
  '--cache',
  '--userconfig',
  '-w',
  '--workspace',
  '--loglevel',
])

/** `npm exec`; npm's other commands run scripts of a project. */
export function readNpm(words: readonly Word[], reading: Reading): Launch {
  const { command, others } = takeCommand(words, (flag) => npmValueFlags.has(flag))
  if (command === 'exec' || command === 'x') return readFetchAndRun('npm-exec', others, reading)
  return unknown("runs a script of a project's package.json")
}

export function readPnpm(words: readonly Word[], reading: Reading): Launch {
  const { command, others } = takeCommand(words, (flag) => valueFlags.has(flag))
  if (command === 'dlx') return readFetchAndRun('pnpm-dlx', others, reading)
  return unknown("runs a script or program of a project's own packages")
}

export function readYarn(words: readonly Word[], reading: Reading): Launch {
  const { command, others } = takeCommand(words, (flag) => flag === '--cwd')
  if (command === 'dlx') return readFetchAndRun('yarn-dlx', others, reading)
  return unknown("runs a script or program of a project's own packages")
}
