import { describe } from './access-path.ts'
import type { Sink } from './language.ts'
import type { GivenArgument, Machine } from './machine.ts'
import { type SinkKind, stepped, type Taint, taintIn, type Value } from './value.ts'

/** Reports what of a call's arguments reaches a place where it does harm. */
export function checkSinks(
  named: string | null,
  args: readonly GivenArgument[],
  { line, callee, machine }: { line: number; callee: string; machine: Machine },
): void {
  if (named === null) return
  for (const sink of machine.language.sinks) {
    if (!sink.name.test(named)) continue
    const taint = reaching(sink, args)
    if (taint !== null && !taint.safe.has(sink.kind))
      reportTaint(taint, { line, kind: sink.kind, sink: callee, machine })
  }
}

/** Reports a text whose own method is the place. */
export function checkReceiver(
  receiver: Value,
  key: string,
  { line, callee, machine }: { line: number; callee: string; machine: Machine },
): void {
  const kind = machine.language.receiverSinks.get(key)
  if (kind === undefined || receiver.taint === null || receiver.taint.safe.has(kind)) return
  reportTaint(receiver.taint, { line, kind, sink: callee, machine })
}

function reportTaint(
  taint: Taint,
  { line, kind, sink, machine }: { line: number; kind: SinkKind; sink: string; machine: Machine },
): void {
  const steps = stepped(taint, line, sink)?.steps ?? []
  machine.report({
    line,
    kind,
    sink: sink.slice(0, 120),
    source: taint.source.slice(0, 120),
    confidence: taint.confidence,
    steps,
  })
}

function reaching(sink: Sink, args: readonly GivenArgument[]): Taint | null {
  if (sink.only === 'shell') return reachingShell(args)
  if (sink.only === 'unsafe-loader' && hasSafeLoader(args)) return null
  const values = sink.at.flatMap((at) => {
    const given = typeof at === 'number' ? positional(args)[at] : args.find((arg) => arg.name === at)
    return given === undefined ? [] : [given.value]
  })
  const found = values.map((value) => (sink.only === 'address' ? addressIn(value) : taintIn(value)))
  return found.find((taint) => taint !== null && !taint.safe.has(sink.kind)) ?? null
}

/** A loader that is not known may be one's own: it is not taken for unsafe. */
function hasSafeLoader(args: readonly GivenArgument[]): boolean {
  const loader = args.find((arg) => arg.name === 'Loader') ?? positional(args)[1]
  return loader !== undefined && !/^yaml\.(?:C?Unsafe|C?Full|C)?Loader$/.test(loader.value.named ?? '')
}

function positional(args: readonly GivenArgument[]): GivenArgument[] {
  return args.filter((arg) => arg.name === null)
}

const addressFields = ['url', 'uri', 'href', 'host', 'hostname', 'baseURL', 'baseUrl']

/** The address in what may be an object of options. */
function addressIn(value: Value): Taint | null {
  if (value.fields === null || value.taint !== null) return value.taint
  for (const key of addressFields) {
    const field = value.fields.get(key)
    const taint = field === undefined ? null : taintIn(field)
    if (taint !== null && !taint.safe.has('url')) return taint
  }
  return null
}

const interpreters =
  /^(?:.{0,200}\/)?(?:sh|bash|zsh|dash|ksh|fish|cmd|cmd\.exe|powershell|powershell\.exe|pwsh|node|python|python3|perl|ruby|osascript)$/i
const takesScript = /^(?:-[a-z]{0,3}c|\/[cCkK]|-[eE]|--eval|-Command)$/

/** A program that is chosen, anything with a shell, and a script given to an interpreter. */
function reachingShell(args: readonly GivenArgument[]): Taint | null {
  const [first, second] = positional(args)
  const program = first ?? args.find((arg) => arg.name === 'args')
  if (program === undefined) return null
  const words = [...wordsOf(program.value), ...(second === undefined ? [] : wordsOf(second.value))]
  const chosen = words[0] === undefined ? null : taintIn(words[0])
  if (chosen !== null && !chosen.safe.has('command')) return chosen
  const rest = words.slice(1)
  const isScript = interpreters.test(words[0]?.text ?? '') && rest.some((word) => takesScript.test(word.text ?? ''))
  if (!isScript && !hasShell(args)) return null
  return rest.map((word) => taintIn(word)).find((taint) => taint !== null && !taint.safe.has('command')) ?? null
}

/** The words of a list; an object of options has none. */
function wordsOf(value: Value): Value[] {
  if (value.fields === null || value.taint !== null) return [value]
  return value.fields.size === 0 || value.fields.has('0') ? [...value.fields.values()] : []
}

function hasShell(args: readonly GivenArgument[]): boolean {
  const values = args.map((arg) => (arg.name === 'shell' ? arg.value : arg.value.fields?.get('shell')))
  return values.some((value) => value !== undefined && value.text !== null && !/^(?:false|0|None)$/i.test(value.text))
}

/** The name of what is called, as it is shown. */
export function calleeName(callee: Parameters<typeof describe>[0], named: string | null): string {
  const shown = describe(callee)
  return shown === 'a value' && named !== null ? named.slice(0, 80) : shown
}
