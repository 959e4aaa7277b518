import { argv, stdout } from 'node:process'
import { type Clock, simulatedClock } from '@upkeep/engine/kernel/clock'
import { tellError } from '../told-error.ts'
import { errorText, exitCodeOf, ownFrames, ownRoot } from './errors.ts'

/** The command line door. `programPath` is the file that a scheduler would start. */
export async function main(
  programPath: string,
  options: { showsPractice?: boolean; clock?: Clock } = {},
): Promise<void> {
  // A reader that has seen enough, such as `head`, closes the pipe: that is no failure.
  stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 70))
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)
  if (argv[2] === 'run-with' || argv[2] === 'run-confined') return becomeServer(argv[2])
  const { runCli } = await import('./run-cli.ts')
  process.exitCode = await runCli({
    argv: argv.slice(2),
    programPath,
    showsPractice: options.showsPractice ?? false,
    ...(options.clock && { clock: options.clock }),
  })
}

/** The launchers of entries whose secrets were moved, or that are confined: nothing else of the product is loaded. */
async function becomeServer(by: 'run-with' | 'run-confined'): Promise<void> {
  const become =
    by === 'run-with' ? (await import('./run-with.ts')).runWith : (await import('./run-confined.ts')).runConfined
  try {
    await become(argv.slice(3), process.env)
  } catch (error) {
    const told = tellError(error, false)
    process.stderr.write(`upkeep: the server was not started. ${told.failed} ${told.action}\n`)
    process.exit(exitCodeOf(told))
  }
}

/** Node's own report of a crash prints the message and the source line, which may hold what was read; this one does not. */
function crash(error: unknown): never {
  const told = tellError(error, false, 'unknown')
  process.stderr.write(errorText(told, { json: argv.includes('--json'), ascii: false }))
  if (argv.includes('--debug')) process.stderr.write(`${ownFrames(error, ownRoot()).join('\n')}\n`)
  process.exit(exitCodeOf(told))
}

/** Only the sources take a simulated clock, and every record says so: an installed product has no way to another time. */
function rehearsalClock(): { clock?: Clock } {
  const start = process.env.UPKEEP_SIMULATED_CLOCK
  return start === undefined || start === '' ? {} : { clock: simulatedClock(start) }
}

if (import.meta.main) await main(import.meta.filename, rehearsalClock())
