import type { DeclaredServer, SafeValue } from '@upkeep/contract/observations/declared-server'
import type { PlannedValue } from '@upkeep/contract/observations/run-plan'
import { analyseLaunch } from '../client-formats/launch.ts'

const ofLauncher: ReadonlySet<string> = new Set(['package', 'script', 'module', 'program', 'version'])

/**
 * The arguments that reach the server itself: those behind the package or script that the launcher is told. Null where the command is a
 * whole line, in which the two cannot be told apart any more.
 */
export function ownArguments(server: DeclaredServer): PlannedValue[] | null {
  const command = server.command === null ? '' : shownText(server.command)
  if (command === '' || /\s/.test(command)) return null
  if (server.launch.via === 'binary') return server.args.map((value, index) => planned(value, `ARG${index + 1}`))
  const { roles } = analyseLaunch(command, server.args.map(shownText))
  const last = Math.max(-1, ...[...roles].flatMap(([index, role]) => (ofLauncher.has(role) ? [index] : [])))
  if (last === -1) return null
  const own = server.args.slice(last + 1)
  const [first, ...others] = own
  const after = first?.kind === 'plain' && first.text === '--' ? others : own
  return after.map((value, index) => planned(value, `ARG${index + 1}`))
}

/** A value as the sandbox hands it over: what may be a secret, or is filled in by the client, is stood in for. */
export function planned(value: SafeValue, name: string): PlannedValue {
  if (value.kind === 'plain') return { text: value.text, standIn: false }
  if (value.kind === 'empty') return { text: '', standIn: false }
  const prefix = value.kind === 'hidden' ? (value.prefix ?? '') : ''
  return { text: `${prefix}upkeep-stand-in-${name}`, standIn: true }
}

function shownText(value: SafeValue): string {
  if (value.kind === 'plain' || value.kind === 'reference') return value.text
  return value.kind === 'empty' ? '' : `${value.prefix ?? ''}hidden`
}

/** The command line as a person reads it: hidden values as dots. */
export function shownCommand({ command, args }: DeclaredServer): string {
  const words = [...(command === null ? [] : [command]), ...args].map((value) => {
    const text = value.kind === 'hidden' ? `${value.prefix ?? ''}•••` : shownText(value)
    return text === '' || /[\s"']/.test(text) ? JSON.stringify(text) : text
  })
  return words.join(' ').slice(0, 4_000).toWellFormed()
}
