import { UserError } from '@upkeep/contract/errors'
import type { CapturesPort } from '@upkeep/contract/ports'
import { keptBytesIn } from './kept-bytes.ts'

/** What changes and approvals kept of files, for who may hand it on to a change and to nobody else. */
export function openCaptures(stateDir: string): CapturesPort {
  const kept = keptBytesIn(stateDir)
  return {
    read(of, name) {
      try {
        const bytes = kept.read(of, name)
        return bytes === null ? { state: 'absent' } : { state: 'present', bytes }
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        return { state: 'unavailable', code: 'malformed', reason: error.message }
      }
    },
  }
}
