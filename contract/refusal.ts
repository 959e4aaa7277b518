import type { UnavailableCode } from './observation.ts'

/** A thing that could not be reached or read, with the code that its observation will carry. `reason` never quotes content. */
export interface Refusal {
  state: 'unavailable'
  code: UnavailableCode
  reason: string
}
