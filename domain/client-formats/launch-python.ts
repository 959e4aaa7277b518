import { isUnsuspicious } from '../redaction/plain-shapes.ts'
import { type Launch, mark, programOf, type Reading, takeOptions, unknown, type Word } from './launch-words.ts'
import { readPythonSpec, shownScript } from './package-spec.ts'

const uvFlags = new Set(
  (
    '--from --with --with-editable --with-requirements -p --python --index --default-index -i --index-url --extra-index-url -f ' +
    '--find-links -c --constraints --constraint --overrides -b --build-constraints --directory --project --cache-dir --config-file ' +
    '--env-file --refresh-package --color --link-mode --resolution --prerelease --exclude-newer -P --upgrade-package ' +
    '--reinstall-package --keyring-provider --index-strategy --python-platform --python-preference --allow-insecure-host ' +
    '--extra --group --only-group --no-group --package -w'
  ).split(' '),
)
const pipxFlags = new Set(['--spec', '--python', '--pip-args', '-i', '--index-url', '--with'])

/** `uvx` and `uv tool run`: the program's package, or the one that `--from` names. */
export function readUvx(words: readonly Word[], reading: Reading): Launch {
  return readPythonTool('uvx', words, reading, uvFlags, '--from')
}

/** `pipx run`: the program's package, or the one that `--spec` names. */
export function readPipx(words: readonly Word[], reading: Reading): Launch {
  if (words[0]?.text !== 'run') return unknown('pipx is asked for something else than to run')
  return readPythonTool('pipx', words.slice(1), reading, pipxFlags, '--spec')
}

function readPythonTool(
  via: 'uvx' | 'pipx',
  words: readonly Word[],
  reading: Reading,
  flags: ReadonlySet<string>,
  sourceFlag: string,
): Launch {
  const { options, rest } = takeOptions(words, (flag) => flags.has(flag))
  const valuesOf = (...names: string[]) =>
    options.flatMap(({ flag, value }) => (names.includes(flag) && value !== null ? [value] : []))
  for (const word of valuesOf('-p', '--python')) mark(reading, word, 'version')
  const source = valuesOf(sourceFlag).at(-1)
  mark(reading, rest[0], source === undefined ? 'package' : 'program')
  const main = source ?? rest[0]
  if (main === undefined) return unknown('names no package')
  const specs = [main, ...valuesOf('--with', '-w')]
  for (const word of source === undefined ? specs.slice(1) : specs) mark(reading, word, 'package')
  const requests = specs.map((word) => readPythonSpec(word.text))
  const first = requests[0] ?? null
  if (first === null || requests.includes(null)) return unknown('names a package in a form that is not shown')
  return {
    via,
    ecosystem: 'PyPI',
    ...first,
    packages: specs.map((word, n) => requestText(word.text, requests[n]?.name)),
  }
}

/** The spec as written, unless it is a source, which is shown only in its redacted form. */
function requestText(written: string, name: string | undefined): string {
  if (name !== undefined && /^[A-Za-z0-9._[\], @=<>!~*+-]{1,300}$/.test(written) && !written.includes(':'))
    return written
  return name ?? ''
}

/** `uv`: `tool run` fetches and runs, `run` starts something of a project. */
export function readUv(words: readonly Word[], reading: Reading, follow: (words: readonly Word[]) => Launch): Launch {
  const { rest } = takeOptions(words, (flag) => uvFlags.has(flag))
  if (rest[0]?.text === 'tool' && rest[1]?.text === 'run') return readUvx(rest.slice(2), reading)
  if (rest[0]?.text !== 'run') return unknown('uv is asked for something else than to run')
  const { options, rest: started } = takeOptions(
    rest.slice(1),
    (flag) => uvFlags.has(flag) || flag === '-m' || flag === '--module',
  )
  const module = options.find(({ flag }) => flag === '-m' || flag === '--module')?.value
  if (module) return moduleLaunch(module, reading)
  const first = started[0]
  if (first === undefined) return unknown('uv run names nothing to run')
  if (/\.pyw?$/.test(first.text)) return scriptLaunch(first, reading)
  if (/^python[0-9.]*$/.test(programOf(first.text))) return follow(started)
  const third = started[2]
  // The MCP SDK's own command: `mcp run server.py`.
  if (first.text === 'mcp' && started[1]?.text === 'run' && third !== undefined) return scriptLaunch(third, reading)
  mark(reading, first, 'program')
  return unknown("starts a program of a project's own environment")
}

/** `python`: a module, a script, or code on the command line. */
export function readPython(words: readonly Word[], reading: Reading): Launch {
  const { options, rest } = takeOptions(withoutLauncherVersion(words), (flag) =>
    ['-m', '-c', '-W', '-X'].includes(flag),
  )
  const module = options.find(({ flag }) => flag === '-m')?.value
  if (module) return moduleLaunch(module, reading)
  const script = rest[0]
  if (options.some(({ flag }) => flag === '-c') || script === undefined || script.text === '-') {
    return { via: 'python', script: null, module: null }
  }
  return scriptLaunch(script, reading)
}

/** After `-m module` all that follows is the module's, so options end there: `takeOptions` must not read on. */
function withoutLauncherVersion(words: readonly Word[]): readonly Word[] {
  const module = words.findIndex(({ text }) => text === '-m')
  return module < 0 ? words : words.slice(0, module + 2)
}

function moduleLaunch(module: Word, reading: Reading): Launch {
  const isShown = /^[A-Za-z_][A-Za-z0-9_.]{0,200}$/.test(module.text) && isUnsuspicious(module.text, 12)
  if (!isShown) return unknown('names a module in a form that is not shown')
  mark(reading, module, 'module')
  return { via: 'python', script: null, module: module.text }
}

function scriptLaunch(script: Word, reading: Reading): Launch {
  const shown = shownScript(script.text)
  if (shown === null) return unknown('names a script in a form that is not shown')
  mark(reading, script, 'script')
  return { via: 'python', script: shown, module: null }
}
