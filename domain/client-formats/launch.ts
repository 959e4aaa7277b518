import { isPath, isProgramName } from '../redaction/plain-shapes.ts'
import { readContainer } from './launch-container.ts'
import { readFetchAndRun, readNpm, readPnpm, readYarn } from './launch-npm.ts'
import { readPipx, readPython, readUv, readUvx } from './launch-python.ts'
import {
  type ArgumentRole,
  type Launch,
  mark,
  programOf,
  type Reading,
  splitWords,
  takeOptions,
  unknown,
  type Word,
} from './launch-words.ts'
import { shownScript } from './package-spec.ts'

export interface LaunchAnalysis {
  launch: Launch
  /** What each argument is, by its place in `args`, where the launcher says so. */
  roles: ReadonlyMap<number, ArgumentRole>
}

/** What a command and its arguments start: the package, image, module, script or program. Nothing of it that could hold a secret. */
export function analyseLaunch(command: string, args: readonly string[]): LaunchAnalysis {
  const reading: Reading = { roles: new Map(), left: 5 }
  const rest = args.map((text, index) => ({ text, index }))
  const isWholeLine = /\s/.test(command) && !isPath(command)
  const start: Word[] = isWholeLine ? splitWords(command) : [{ text: command, index: null }]
  return { launch: read([...start, ...rest], reading), roles: reading.roles }
}

type Reader = (words: readonly Word[], reading: Reading) => Launch

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['npx', (words, reading) => readFetchAndRun('npx', words, reading)],
  ['bunx', (words, reading) => readFetchAndRun('bunx', words, reading)],
  ['pnpx', (words, reading) => readFetchAndRun('pnpm-dlx', words, reading)],
  ['npm', readNpm],
  ['pnpm', readPnpm],
  ['yarn', readYarn],
  ['uvx', readUvx],
  ['pipx', readPipx],
  ['uv', (words, reading) => readUv(words, reading, (inner) => read(inner, reading))],
  ['py', (words, reading) => readPython(/^-\d/.test(words[0]?.text ?? '') ? words.slice(1) : words, reading)],
  ['docker', (words, reading) => readContainer('docker', words, reading)],
  ['podman', (words, reading) => readContainer('podman', words, reading)],
  ['node', readNode],
  ['nodejs', readNode],
  ['tsx', readNode],
  ['ts-node', readNode],
  ['bun', readBun],
  ['deno', readDeno],
  ['env', readEnv],
  ['cmd', readCmd],
  ['wsl', () => unknown('starts inside the Windows Subsystem for Linux')],
])
const shells = new Set(['sh', 'bash', 'zsh', 'dash', 'ksh', 'fish', 'powershell', 'pwsh', 'eval'])
/** Programs that prepare an environment and then start what stands after `--`. */
const wrappers = new Set([
  'op',
  'doppler',
  'infisical',
  'dotenvx',
  'dotenv',
  'mise',
  'fnm',
  'asdf',
  'direnv',
  'with-env',
  'chamber',
  'upkeep',
  'mcp-upkeep',
])
/** Programs whose first word after their options is the program that they start. */
const prefixes = new Set(['sudo', 'doas', 'nohup', 'nice', 'time', 'exec', 'corepack', 'command'])

function read(words: readonly Word[], reading: Reading): Launch {
  const [head, ...rest] = words
  if (head === undefined || head.text === '') return unknown('names no command')
  reading.left -= 1
  if (reading.left < 0) return unknown('starts launchers inside launchers')
  const program = programOf(head.text)
  if (head.index !== null) mark(reading, head, 'program')
  const reader = readers.get(program)
  if (reader !== undefined) return reader(rest, reading)
  if (/^python[0-9.]*w?$/.test(program)) return readPython(rest, reading)
  if (shells.has(program)) return { via: 'shell' }
  if (prefixes.has(program)) return read(takeOptions(rest, () => false).rest, reading)
  const dashes = wrappers.has(program) ? rest.findIndex(({ text }) => text === '--') : -1
  if (dashes >= 0) return read(rest.slice(dashes + 1), reading)
  const isShown = isPath(head.text) || isProgramName(head.text)
  return isShown ? { via: 'binary', file: head.text } : unknown('names a command in a form that is not shown')
}

const nodeFlags = new Set(
  '-r --require --import --loader --experimental-loader --env-file -C --conditions -e --eval -p --print'.split(' '),
)

function readNode(words: readonly Word[], reading: Reading): Launch {
  const { options, rest } = takeOptions(words, (flag) => nodeFlags.has(flag))
  if (options.some(({ flag }) => ['-e', '--eval', '-p', '--print'].includes(flag)))
    return script('node', undefined, reading)
  const dashes = isOwnLauncher(rest[1]?.text) ? rest.findIndex(({ text }) => text === '--') : -1
  if (dashes >= 0) return readBehind(rest.slice(0, dashes), rest.slice(dashes + 1), reading)
  return script('node', rest[0]?.text === 'watch' ? rest[1] : rest[0], reading)
}

function isOwnLauncher(verb: string | undefined): boolean {
  return verb === 'run-with' || verb === 'run-confined'
}

/** Our own launchers, which fetch secrets or build walls and then become what stands after `--`. */
function readBehind(own: readonly Word[], words: readonly Word[], reading: Reading): Launch {
  mark(reading, own[0], 'script')
  const sealed = own.findIndex(({ text }) => text === '--sealed')
  if (sealed > 0 && own[1]?.text === 'run-confined') mark(reading, own[sealed + 1], 'digest')
  return read(words, reading)
}

function readBun(words: readonly Word[], reading: Reading): Launch {
  const { rest } = takeOptions(words, (flag) => flag === '--cwd' || flag === '--env-file')
  if (rest[0]?.text === 'x') return readFetchAndRun('bunx', rest.slice(1), reading)
  if (rest[0]?.text !== 'run') return script('bun', rest[0], reading)
  return script('bun', takeOptions(rest.slice(1), (flag) => flag === '--cwd').rest[0], reading)
}

function readDeno(words: readonly Word[], reading: Reading): Launch {
  const { rest } = takeOptions(words, () => false)
  const inner = rest[0]?.text === 'run' || rest[0]?.text === 'x' ? rest.slice(1) : rest
  return script(
    'deno',
    takeOptions(inner, (flag) => ['-c', '--config', '--import-map', '--env-file'].includes(flag)).rest[0],
    reading,
  )
}

function script(via: 'node' | 'bun' | 'deno', word: Word | undefined, reading: Reading): Launch {
  if (word === undefined || word.text === '-') return { via, script: null, module: null }
  const shown = shownScript(word.text)
  if (shown === null) return unknown('names a script in a form that is not shown')
  mark(reading, word, 'script')
  return { via, script: shown, module: null }
}

/** `env NAME=value command`: the assignments hold values, the rest is the command. */
function readEnv(words: readonly Word[], reading: Reading): Launch {
  const { rest } = takeOptions(
    words,
    (flag) => flag === '-u' || flag === '--unset' || flag === '-C' || flag === '--chdir',
  )
  const start = rest.findIndex(({ text }) => !/^[A-Za-z_][A-Za-z0-9_]*=/.test(text))
  const assignments = start < 0 ? rest : rest.slice(0, start)
  for (const word of assignments) mark(reading, word, 'assignment')
  return start < 0 ? unknown('names no command') : read(rest.slice(start), reading)
}

/** `cmd /c npx …`, with the command as words or as one quoted line. */
function readCmd(words: readonly Word[], reading: Reading): Launch {
  const run = words.findIndex(({ text }) => /^\/[ck]$/i.test(text))
  if (run < 0) return { via: 'shell' }
  for (const word of words.slice(0, run + 1)) if (/^\/[a-z]$/i.test(word.text)) mark(reading, word, 'program')
  const rest = words.slice(run + 1)
  const only = rest.length === 1 ? rest[0] : undefined
  return read(only !== undefined && /\s/.test(only.text) && !isPath(only.text) ? splitWords(only.text) : rest, reading)
}
