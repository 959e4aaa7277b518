import type { SafeValue } from '@upkeep/contract/observations/declared-server'
import { printable } from '../printable.ts'

/** The layer at which two states of a server differ; each is a way in of its own. */
export type Layer = 'start' | 'environment' | 'consent' | 'settings' | 'version' | 'bytes' | 'permissions'

/** One difference between two states of a server, in words that may be shown: hidden values are named, never quoted. */
export interface Difference {
  layer: Layer
  /** Where: `args[2]`, `env GITHUB_TOKEN`, `node_modules/zod`. */
  at: string
  was: string
  is: string
}

/** What stands where there is nothing. */
export const nothing = 'nothing'

/** A value as a person may see it. Two hidden values that differ look different through their keyed hash. */
export function shown(value: SafeValue | null | undefined): string {
  if (value === null || value === undefined) return nothing
  if (value.kind === 'empty') return 'an empty value'
  if (value.kind !== 'hidden') return printable(value.text, { maxLength: value.text.length })
  const kind = value.secret === 'none' ? 'hidden value' : `hidden value (${value.secret})`
  return `${value.prefix === undefined ? '' : `${value.prefix}=`}${kind} #${value.fingerprint.slice(0, 8)}`
}

/** The differences between two maps, by key. */
export function compareMaps<Value>(
  layer: Layer,
  label: string,
  was: Readonly<Record<string, Value>>,
  is: Readonly<Record<string, Value>>,
  show: (value: Value | undefined) => string,
): Difference[] {
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort()
  return keys.flatMap((key) =>
    compareShown(layer, label === '' ? key : `${label} ${key}`, show(own(was, key)), show(own(is, key))),
  )
}

/** One difference, or none when both read the same. */
export function compareShown(layer: Layer, at: string, was: string, is: string): Difference[] {
  return was === is ? [] : [{ layer, at, was, is }]
}

function own<Value>(map: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined
}
