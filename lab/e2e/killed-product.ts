import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { diceOf } from '@upkeep/domain/client-edits/testing/dice-of'
import { type OnTerminal, onTerminal, type Typed } from '../terminal.ts'
import { type Ended, ended, environmentOf, type Installation, personKey, startUpkeep, upkeep } from './installation.ts'

const preload = join(import.meta.dirname, 'kill-at-point.ts')

function killing(installation: Installation, more: Readonly<Record<string, string>>): Record<string, string> {
  const folders = [installation.home, join(installation.stateDir, 'undo')]
  return { NODE_OPTIONS: `--import=${preload}`, UPKEEP_KILL_IN: JSON.stringify(folders), ...more }
}

/** Runs the installed product to its end, and returns each call that touched a file of the home, or the record. */
export async function pointsOf(
  installation: Installation,
  program: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
) {
  const log = join(installation.root, 'points.txt')
  const end = await upkeep(installation, args, {
    command: [program],
    env: killing(installation, { ...more, UPKEEP_KILL_LOG: log }),
  })
  return { end, points: readFileSync(log, 'utf8').split('\n') }
}

/** Runs it until the call of this number, before which it is killed. */
export function killedAt(
  installation: Installation,
  program: string,
  args: readonly string[],
  point: number,
  more: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return upkeep(installation, args, {
    command: [program],
    env: killing(installation, { ...more, UPKEEP_KILL_AT: String(point) }),
  })
}

/** Runs it and kills it from outside after so many milliseconds; true where it was still running. */
export async function killedAfter(
  installation: Installation,
  program: string,
  args: readonly string[],
  milliseconds: number,
): Promise<boolean> {
  const child = startUpkeep(installation, args, { command: [program] })
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds)
  const { signal } = await ended(child)
  clearTimeout(timer)
  return signal === 'SIGKILL'
}

/** The same as `killedAt`, for a command at a terminal, where yes is said to whatever it asks. Without a point it runs to its end. */
export function yesUntil(
  installation: Installation,
  program: string,
  args: readonly string[],
  point: number | null,
): Promise<OnTerminal> {
  const env = point === null ? {} : killing(installation, { UPKEEP_KILL_AT: String(point) })
  const types = Array.from({ length: 4 }, (): Typed => ['[yes/no]', 'yes'])
  return onTerminal([program, ...args], { env: environmentOf(installation, env), cwd: installation.cwd, types })
}

/** When a command at a terminal is killed: so many milliseconds after its start, or after a file is there. */
export interface Moment {
  file: string | null
  milliseconds: number
}

/** The same for a command that a person runs at a terminal: they say yes, and unlock their key. */
export async function killedAtTerminal(
  installation: Installation,
  program: string,
  args: readonly string[],
  moment: Moment,
): Promise<boolean> {
  const note = join(installation.root, 'pid')
  const { file, types } = personKey(installation)
  const command = ['sh', '-c', 'echo $$ > "$0"; exec "$@"', note, program, ...args, '--key', file]
  const ended = onTerminal(command, { env: environmentOf(installation), cwd: installation.cwd, types })
  let killer: NodeJS.Timeout | null = null
  const looking = setInterval(() => {
    if (killer !== null || (moment.file !== null && !existsSync(moment.file))) return
    killer = setTimeout(() => kill(note), moment.milliseconds)
  }, 1)
  const { code } = await ended
  clearInterval(looking)
  if (killer !== null) clearTimeout(killer)
  return code === 137
}

function kill(note: string): void {
  try {
    process.kill(Number(readFileSync(note, 'utf8')), 'SIGKILL')
  } catch {
    // It has ended by itself, or is about to begin.
  }
}

/** A seed that follows from a text, such as a version. */
export function seedOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE()
}

/** Moments that follow from a seed, so that a failure can be looked at again. */
export function momentsFrom(seed: number): (belowMs: number) => number {
  return diceOf(seed)
}
