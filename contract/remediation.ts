import type { ChangeKind, ChangeOf } from './change.ts'
import type { PortName, Ports } from './ports.ts'
import type { Refusal } from './refusal.ts'

/** One file as it shall be. The engine alone writes it: with compare-and-swap, a journal, and a way back to the very same bytes. */
export interface FileEffect {
  kind: 'file'
  path: string
  /** Its content as bytes or as text in UTF-8; left out, it stays and only the mode changes. `mode` left out: that of before, 0600 for a new file. */
  to: { bytes?: Uint8Array; text?: string; mode?: number } | 'absent'
  /** The difference for a reader, secrets hidden. */
  shown: readonly string[]
}

/**
 * One secret that shall lie in a store, under a name that is free there. The engine alone puts it there, and reads it back before anything
 * refers to it; no record holds more of it than a keyed hash.
 */
export interface SecretEffect {
  kind: 'stored-secret'
  reference: string
  secret: string
  /** What is done, for a reader, the secret hidden. */
  shown: readonly string[]
}
export type Effect = FileEffect | SecretEffect

/** What a change would do, worked out from what is there now. Nothing was touched. */
export interface Preview {
  state: 'possible'
  effects: readonly Effect[]
  summary: readonly string[]
  limits: readonly string[]
  /** What undoing cannot bring back. */
  irreversible: readonly string[]
}

/** How one kind of change is worked out. It computes; the engine writes. The same world gives the same preview. */
export interface Remediation<Kind extends ChangeKind, Reach extends PortName> {
  makes: Kind
  version: number
  title: string
  reaches: readonly Reach[]
  preview(input: ChangeOf<Kind>, ports: Pick<Ports, Reach>): Promise<Preview | Refusal> | Preview | Refusal
}

/** A remediation as the engine holds it, when it no longer matters which. */
export interface AnyRemediation extends Omit<Remediation<ChangeKind, PortName>, 'preview'> {
  preview(input: never, ports: Ports): Promise<Preview | Refusal> | Preview | Refusal
}

/** Declares a remediation. */
export function defineRemediation<const Kind extends ChangeKind, const Reach extends PortName>(
  remediation: Remediation<Kind, Reach>,
): Remediation<Kind, Reach> {
  return remediation
}
