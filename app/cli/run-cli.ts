import type { Clock } from '@upkeep/engine/kernel/clock'
import { productVersion } from '../installed-files.ts'
import { thisProcess } from '../machine.ts'
import { type Fleet, openProduct } from '../open-product.ts'
import type { Acts } from '../operations/context.ts'
import type { Answer, AnyOperation } from '../operations/operation.ts'
import { runOperation } from '../operations/run-operation.ts'
import { operations } from '../operations/table.ts'
import { FailedLate, failedLate } from '../recording.ts'
import { tellError } from '../told-error.ts'
import { errorText, exitCodeOf, ownFrames, ownRoot } from './errors.ts'
import { exitCodes } from './exit-codes.ts'
import type { GlobalOptions } from './global-options.ts'
import { helpFor } from './help-for.ts'
import { parseCommand } from './parse-command.ts'
import { personAtTerminal } from './person-at-terminal.ts'
import { answerText } from './print-answer.ts'
import { progressLine } from './progress.ts'
import { styleOf } from './screen.ts'

/** How the command line was started. */
export interface CliStart {
  argv: readonly string[]
  /** The file that a scheduler would start. */
  programPath: string
  /** `npm start`: goes on to the practice fleet by itself where there is nothing to look at. */
  showsPractice: boolean
  /** Another clock than the machine's: for rehearsals in development. What it times is stamped. */
  clock?: Clock
}

/** Runs one command line and returns its exit code. Prints answers to stdout, everything else to stderr. */
export async function runCli(start: CliStart): Promise<number> {
  const stop = stopOnSignal()
  try {
    return await runParsed(start, stop.signal)
  } catch (error) {
    const told = tellError(error, stop.signal.aborted)
    const form = { json: start.argv.includes('--json'), ascii: start.argv.includes('--ascii') }
    process.stderr.write(errorText(told, form))
    const of = error instanceof FailedLate ? error.cause : error
    if (start.argv.includes('--debug')) process.stderr.write(`${ownFrames(of, ownRoot()).join('\n')}\n`)
    return exitCodeOf(told)
  } finally {
    stop.release()
  }
}

async function runParsed(start: CliStart, signal: AbortSignal): Promise<number> {
  const parsed = parseCommand(operations, start.argv)
  if (parsed.kind === 'version') return printed(`${productVersion()}\n`)
  if (parsed.kind === 'help') return printed(helpFor(operations, parsed.topic))
  const { operation, input, global } = parsed
  const fleet = fleetFor(operation, global.practice)
  const answer = await answerOf(start, signal, { operation, input, global, fleet })
  if (answer.nothingThere !== true || global.practice || global.json || global.csv) return codeOf(answer)
  if (!start.showsPractice) {
    process.stderr.write('\nTo see upkeep at work on four real servers with known faults: upkeep --practice\n')
    return codeOf(answer)
  }
  process.stdout.write(
    '\nGoing on to the practice fleet: four real servers with known faults, in a folder of their own.\n\n',
  )
  return codeOf(await answerOf(start, signal, { operation, input, global, fleet: { practice: 'built' } }))
}

interface Asked {
  operation: AnyOperation
  input: Record<string, unknown>
  global: GlobalOptions
  fleet: Fleet
}

async function answerOf(start: CliStart, signal: AbortSignal, asked: Asked): Promise<Answer<unknown>> {
  const { operation, input, global, fleet } = asked
  const machine = thisProcess(start.programPath)
  const style = styleOf(process.stdout, machine.env, global)
  const progress = progressLine(process.stderr, style.ascii)
  const workplace = { machine, configPath: global.config, practice: fleet !== 'own' }
  const request = {
    machine,
    configPath: global.config,
    actingAs: global.as,
    operations: operations.flatMap(({ id, at }) => (at === 'terminal' ? [] : [id])),
    signal,
    progress: progress.say,
    tell: progress.tell,
    person: () => personAtTerminal({ ...style, colour: false }, { beforeShowing: progress.clear, signal }),
    async serve(...[serving, opened]: Parameters<Acts['serve']>) {
      const { serve } = await import('../http/serve.ts')
      const says = { tell: progress.tell, log: process.stderr, version: productVersion() }
      await serve({ ...serving, ...says, person: global.as ?? machine.user, workplace, signal, opened })
    },
    async mcp() {
      const { serveStdio } = await import('../mcp/serve-stdio.ts')
      await serveStdio({ version: productVersion(), workplace, signal })
    },
    completion: async (shell: Parameters<Acts['completion']>[0]) =>
      (await import('./completion/completion-script.ts')).completionScript(shell),
    ...(start.clock && { clock: start.clock }),
  }
  try {
    const { context, recording, close } = await openProduct(request, fleet)
    try {
      const answer = await runOperation(operation, context, input)
      progress.clear()
      if (operation.cli.ownsOutput !== true)
        process.stdout.write(answerText(answer, { json: global.json, csv: global.csv, style }))
      return answer
    } catch (error) {
      throw failedLate(error, recording())
    } finally {
      await close()
    }
  } finally {
    progress.clear()
  }
}

/** What looks at servers needs the practice fleet running; what reads records needs only what it left. */
function fleetFor(operation: AnyOperation, practice: boolean): Fleet {
  if (!practice) return 'own'
  return { practice: ['upkeep', 'scan', 'daemon', 'serve'].includes(operation.id) ? 'built' : 'stored' }
}

function codeOf(answer: Answer<unknown>): number {
  return answer.outcome === undefined ? exitCodes.fine : exitCodes[answer.outcome]
}

function printed(text: string): number {
  process.stdout.write(text)
  return exitCodes.fine
}

/** The first Ctrl-C stops in good order; a second one ends at once, which leaves the state as it was too. */
function stopOnSignal(): { signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  function stop(): void {
    if (controller.signal.aborted) process.exit(exitCodes.stopped)
    controller.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
    },
  }
}
