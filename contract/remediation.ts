import type { ChangeKind, ChangeOf } from './change.ts'
import type { PortName, Ports } from './ports.ts'

/** What a change would do, before anything is touched. `plan` is what is approved and applied: its digest is what a person signs. */
export interface Preview<Plan> {
  plan: Plan
  summary: readonly string[]
  limits: readonly string[]
}

/** How one kind of change is previewed, applied and undone. `apply` returns the token with which `undo` brings back the very same bytes. */
export interface Remediation<Kind extends ChangeKind, Reach extends PortName, Plan, Undo> {
  makes: Kind
  version: number
  title: string
  reaches: readonly Reach[]
  preview(input: ChangeOf<Kind>, ports: Pick<Ports, Reach>): Promise<Preview<Plan>>
  apply(plan: Plan, ports: Pick<Ports, Reach>): Promise<Undo>
  undo(token: Undo, ports: Pick<Ports, Reach>): Promise<void>
}

/** Declares a remediation. */
export function defineRemediation<const Kind extends ChangeKind, const Reach extends PortName, Plan, Undo>(
  remediation: Remediation<Kind, Reach, Plan, Undo>,
): Remediation<Kind, Reach, Plan, Undo> {
  return remediation
}
