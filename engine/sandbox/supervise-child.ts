import type { ChildProcess } from 'node:child_process'
import { constants } from 'node:os'
import { Duplex } from 'node:stream'
import type { SandboxBackend, SandboxedProcess, SandboxOutcome, SandboxRun } from '@upkeep/contract'
import { boundedLines, lineQueue } from './bounded-lines.ts'
import { channelBytes, hear, type Said } from './control-channel.ts'
import type { ControlGroup } from './control-group.ts'
import type { Launcher } from './launcher.ts'
import { stillRuns, type TreeMember } from './process-tree.ts'
import type { Staging } from './staging.ts'
import { openTranscript } from './transcript.ts'
import { watchBounds } from './watch-bounds.ts'
import { readsOf, watchCalls } from './watch-calls.ts'
import { readBackOf, worldIsFull } from './world.ts'

/** A launcher that was spawned, and what has to go with it in the end. */
interface Supervision {
  run: SandboxRun
  child: ChildProcess
  group: ControlGroup | null
  staging: Staging
  backend: SandboxBackend
  standIns: Readonly<Record<string, string>>
  own: Launcher['own']
  /** Whether a watcher of system calls was put in front. */
  watched: boolean
}

type Ending = SandboxOutcome['ended']
/** `not-built`: the walls were not; anything else is the reason in words. */
type Start = 'started' | 'not-built' | (string & {})

const stderrKept = 64 << 10
/** How long the supervisor inside has to kill everything and hand back files. */
const finishMs = 3_000

/** Holds a run to its bounds from the start of its launcher to the last process and file of it. */
export function superviseChild(input: Supervision): { started: Promise<Start>; process: SandboxedProcess } {
  const { run, child, backend, standIns } = input
  // Both clocks at one moment: what was watched is placed between the lines that were said.
  const [begun, begunAtMs] = [performance.now(), Date.now()]
  const sinceStart = () => performance.now() - begun
  const transcript = openTranscript()
  const queue = lineQueue()
  const control = duplexOf(child.stdio[3])
  let said: Said = { started: false, exitCode: null, notReady: null, readBack: new Map() }
  let ending: Ending | null = null
  const started = Promise.withResolvers<Start>()

  function end(reason: Ending): void {
    if (ending !== null) return
    ending = reason
    queue.close()
    // What is still in the pipes is nobody's any more, and a full pipe would hold the launcher.
    child.stdout?.removeAllListeners('data').resume()
    child.stdin?.destroy()
    control?.write('finish\n')
    setTimeout(() => void killAll(), finishMs).unref()
  }
  /** The supervisor did not do it: it was stopped, or its listener was killed from inside. */
  async function killAll(): Promise<void> {
    child.kill('SIGKILL')
    for (const one of watch.seen().filter(stillRuns)) killProcess(one.pid)
    await input.group?.remove()
  }
  const grows = run.confined?.folders.some(({ writable }) => writable) === true
  const watch = watchBounds(
    child.pid ?? -1,
    { bounds: run.bounds, own: input.own, isFull: () => grows && worldIsFull(input.staging, run.bounds.diskBytes) },
    input.group,
    end,
  )
  const calls = input.watched ? watchCalls(input.staging.folder, begunAtMs, () => end('flooded'), readsOf(run)) : null
  const stdout = takeLines(child, run, end, (line) => {
    transcript.add('out', line, sinceStart())
    queue.push(line)
  })
  const stderr = takeErrors(child, run.bounds.outputBytes, end)
  listenTo(control, channelBytes(run.readsBack?.length ?? 0), (line) => {
    said = hear(said, line)
    if (said.started) started.resolve('started')
  })
  child.stdin?.on('error', () => undefined)
  child.stdout?.on('end', () => {
    stdout.finish()
    queue.close()
  })
  const ended = new Promise<SandboxOutcome>((resolve) => {
    const close = async () => {
      const wallMs = Math.round(sinceStart())
      const hit = watch.stop() ?? byOwnLimit(said.exitCode)
      started.resolve(
        said.notReady === null ? 'not-built' : `port ${said.notReady} of the program beside it was never ready`,
      )
      stdout.finish()
      queue.close()
      const tried = calls?.read() ?? null
      const readBack = (run.readsBack ?? []).map(
        (path, index) => [path, readBackOf(input.staging, path, said.readBack.get(index))] as const,
      )
      const leftBehind = await clear(input, watch.seen())
      const { text, cut } = stderr()
      resolve({
        ended: ending ?? hit ?? 'by-itself',
        ...exitOf(said.exitCode),
        transcript: transcript.lines(),
        transcriptCut: transcript.isCut(),
        standIns: Object.entries(standIns).map(([name, value]) => ({
          name,
          seenIn: [
            ...(transcript.lines().some(({ way, line }) => way === 'out' && line.includes(value))
              ? ['stdout' as const]
              : []),
            ...(text.includes(value) ? ['stderr' as const] : []),
            ...(tried?.attempts.some(({ target }) => target.includes(value)) ? ['attempts' as const] : []),
          ],
        })),
        stderr: text,
        stderrCut: cut,
        // Where the launcher is heavy, what was counted is not the program's.
        peakMemoryBytes: input.own.memoryBytes === 0 ? watch.peakMemoryBytes() : null,
        cpuMs: input.own.memoryBytes === 0 ? watch.cpuMs() : null,
        wallMs,
        attempts: tried?.attempts ?? null,
        attemptsCut: tried?.cut ?? false,
        readBack: Object.fromEntries(readBack),
        leftBehind,
      })
    }
    child.once('error', () => void close())
    child.once('close', () => void close())
  })
  return {
    started: started.promise,
    process: {
      backend,
      standIns,
      send(line) {
        if (child.stdin === null || !child.stdin.writable || line.includes('\n')) return false
        transcript.add('in', line, sinceStart())
        child.stdin.write(`${line}\n`)
        return true
      },
      endInput: () => void child.stdin?.end(),
      lines: queue.read,
      stop() {
        end('stopped')
        return ended
      },
      ended,
    },
  }
}

function takeLines(
  child: ChildProcess,
  { bounds }: SandboxRun,
  end: (why: Ending) => void,
  onLine: (line: string) => void,
) {
  let total = 0
  const lines = boundedLines(bounds.lineBytes, (line) => {
    // Kept lines cost us more than their bytes: millions of empty ones are a flood as well.
    total += lineCost
    onLine(line)
  })
  child.stdout?.on('data', (chunk: Buffer) => {
    total += chunk.length
    if (!lines.take(chunk)) end('line-too-long')
    else if (total > bounds.outputBytes) end('flooded')
  })
  return lines
}

const lineCost = 64

function takeErrors(child: ChildProcess, outputBytes: number, end: (why: Ending) => void) {
  const kept: Buffer[] = []
  let total = 0
  child.stderr?.on('data', (chunk: Buffer) => {
    if (total < stderrKept) kept.push(chunk.subarray(0, stderrKept - total))
    total += chunk.length
    if (total > outputBytes) end('flooded')
  })
  return () => ({ text: Buffer.concat(kept).toString('utf8'), cut: total > stderrKept })
}

/** The supervisor could have been taken over by what it watches: beyond what it can have to say nobody listens. */
function listenTo(control: Duplex | null, maxBytes: number, onLine: (line: string) => void): void {
  const lines = boundedLines(maxBytes, onLine)
  let total = 0
  control?.on('error', () => undefined)
  control?.on('data', (chunk: Buffer) => {
    total += chunk.length
    if (total > maxBytes || !lines.take(chunk)) control.destroy()
  })
}

function duplexOf(stream: unknown): Duplex | null {
  return stream instanceof Duplex ? stream : null
}

/** Limits of a single process end it by a signal of their own. */
function byOwnLimit(exitCode: number | null): Ending | null {
  const { SIGXCPU, SIGXFSZ } = constants.signals
  if (exitCode === 128 + SIGXFSZ) return 'disk'
  return exitCode === 128 + SIGXCPU ? 'cpu-time' : null
}

function exitOf(code: number | null): { exitCode: number | null; signal: string | null } {
  if (code === null || code <= 128) return { exitCode: code, signal: null }
  const name = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0]
  return name === undefined ? { exitCode: code, signal: null } : { exitCode: null, signal: name }
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself meanwhile, or is not ours to kill: what stays is named in the end.
  }
}

/** Removes every trace, and names what would not go. */
async function clear({ group, staging }: Supervision, seen: readonly TreeMember[]): Promise<string[]> {
  const left: string[] = []
  if (group !== null && !(await group.remove())) left.push('a control group with processes in it')
  for (let tries = 0; tries < 100 && seen.some(stillRuns); tries += 1) await new Promise((wake) => setTimeout(wake, 10))
  left.push(...seen.filter(stillRuns).map(({ pid }) => `process ${pid}`))
  try {
    staging.remove()
  } catch {
    left.push(staging.folder)
  }
  return left
}
