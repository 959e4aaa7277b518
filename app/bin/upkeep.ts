// What old versions of Node.js must still be able to read: no syntax newer than modules and template strings, no import before the
// version is known. The build puts the version and the help texts in place of the two names below.
import { fileURLToPath } from 'node:url'

declare const UPKEEP_VERSION: string
declare const UPKEEP_HELP: Record<string, string>

const needed = 24
const argv = process.argv.slice(2)
const major = Number(process.versions.node.split('.')[0])

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  process.stdout.write(`${UPKEEP_VERSION}\n`)
} else if (helpTopic() !== null) {
  process.stdout.write(UPKEEP_HELP[String(helpTopic())] || '')
} else if (major < needed) {
  process.stderr.write(
    `upkeep needs Node.js ${needed} or later; this is ${process.versions.node}. Nothing was looked at.\n` +
      `Get it from https://nodejs.org/en/download, or for one run:\n` +
      `  npx --yes -p node@${needed} -p mcp-upkeep -- upkeep\n`,
  )
  process.exitCode = 2
} else {
  keepCompiled()
  import('../cli/main.js').then((door) => door.main(fileURLToPath(import.meta.url)))
}

/** The help that is asked for and known here; null for everything else. */
function helpTopic(): string | null {
  let topic = null
  const last = argv[argv.length - 1]
  if (argv[0] === 'help') topic = argv.slice(1).join(' ')
  else if (last === '--help' || last === '-h') topic = argv.slice(0, -1).join(' ')
  return topic !== null && Object.hasOwn(UPKEEP_HELP, topic) ? topic : null
}

/**
 * Keeps compiled code in the state folder, where there is one already and nobody else can write to it: compiled code is run as it lies
 * there, and nothing of ours is written anywhere else.
 */
function keepCompiled(): void {
  const { enableCompileCache } = process.getBuiltinModule('node:module')
  const { lstatSync } = process.getBuiltinModule('node:fs')
  const { homedir } = process.getBuiltinModule('node:os')
  const { isAbsolute, join } = process.getBuiltinModule('node:path')
  const env = process.env
  const home = env.HOME || homedir()
  const xdg = env.XDG_STATE_HOME
  let state = join(xdg && isAbsolute(xdg) ? xdg : join(home, '.local', 'state'), 'upkeep')
  if (process.platform === 'darwin') state = join(home, 'Library', 'Application Support', 'upkeep')
  if (process.platform === 'win32') state = join(env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'upkeep')
  if (env.UPKEEP_HOME) state = env.UPKEEP_HOME
  const facts = lstatSync(state, { throwIfNoEntry: false })
  const isOurs = facts?.isDirectory() && (!process.getuid || facts?.uid === process.getuid())
  if (isOurs && (process.platform === 'win32' || (Number(facts?.mode) & 0o077) === 0))
    enableCompileCache(join(state, 'compiled'))
}
