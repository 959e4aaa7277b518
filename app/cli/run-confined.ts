import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { delimiter, dirname } from 'node:path'
import { ConfinementProfile } from '@upkeep/contract/confinement'
import { UserError } from '@upkeep/contract/errors'
import { isSameLine } from '@upkeep/domain/confinement/confined-words'
import { stateDirFor } from '@upkeep/engine/kernel/state-dir'
import { type ConfinedStart, confinedCommand, tryWalls } from '@upkeep/engine/sandbox/confined-command'

const maxBytes = 4 << 20

/**
 * `run-confined --profile file --sealed digest -- command args`: builds the walls that the profile describes and becomes the server behind
 * them. Its standard streams are the client's own, untouched. With `--try` in front, and nothing behind, it only says whether the walls
 * stand. Returns only where it did not come to that.
 *
 * @throws UserError where the profile is not the one that was sealed, or where the walls cannot be built: then nothing is started.
 */
export function runConfined(words: readonly string[], env: NodeJS.ProcessEnv): never {
  const only = words[0] === '--try'
  const [first, path, second, sealed, end, ...command] = only ? words.slice(1) : words
  const isWhole = first === '--profile' && second === '--sealed' && (only ? end === undefined : end === '--')
  if (!isWhole || path === undefined || sealed === undefined) throw bad('its words are not understood')
  const profile = profileAt(path, sealed)
  if (only) {
    tryWalls(startOf(profile, [], env))
    process.exit(0)
  }
  if (!isSameLine(command, profile.words))
    throw new UserError(
      'bad-input',
      'The command line is not the one that its walls were made for.',
      'Take the confinement back ("upkeep undo") or correct the entry, and confine it again.',
    )
  const { argv, env: whole } = confinedCommand(startOf(profile, command.slice(profile.start.ownFrom), env))
  const [program] = argv
  if (process.execve === undefined) throw bad('this Node.js cannot become another program')
  process.chdir('/')
  process.execve(program, [...argv], { ...whole })
  throw bad('the launcher could not become the server')
}

function startOf(profile: ConfinementProfile, args: readonly string[], env: NodeJS.ProcessEnv): ConfinedStart {
  const home = homedir()
  return {
    profile,
    args,
    env,
    cwd: process.cwd(),
    home,
    hidden: [stateDirFor({ env, platform: process.platform, home })],
    tempDir: tmpdir(),
    path: [env.PATH ?? '', dirname(process.execPath)].join(delimiter),
  }
}

/** The profile, byte for byte as it was approved. */
function profileAt(path: string, sealed: string): ConfinementProfile {
  const bytes = bytesAt(path)
  if (createHash('sha256').update(bytes).digest('hex') !== sealed)
    throw new UserError(
      'bad-input',
      `The profile in ${path} was altered since it was approved.`,
      'Take the confinement back ("upkeep undo"), and confine the server again.',
    )
  return ConfinementProfile.parse(JSON.parse(bytes.toString('utf8')))
}

function bytesAt(path: string): Buffer {
  let handle: number
  try {
    handle = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    throw new UserError(
      'not-found',
      `The profile in ${path} cannot be read.`,
      'Take the change back that confined the server: "upkeep undo".',
    )
  }
  try {
    const facts = fstatSync(handle)
    if (!facts.isFile() || facts.size > maxBytes) throw bad(`${path} is no profile`)
    return readFileSync(handle)
  } finally {
    closeSync(handle)
  }
}

function bad(why: string): UserError {
  return new UserError(
    'bad-input',
    `run-confined: ${why}.`,
    'upkeep run-confined --profile /path/of/profile --sealed digest -- command arguments',
  )
}
