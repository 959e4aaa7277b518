import type { ChangeTest } from '@upkeep/contract/change-step'
import { printable } from '../printable.ts'
import type { ServerTrial } from './trial-tests.ts'

/**
 * Whether the version that undoing goes back to starts: run in the sandbox, through the entry as it was, from the bytes that undoing leaves in
 * place. Where it does not, that holds nothing back: what does not start is often what a change is made for.
 */
export function wayBackTest({ server, was }: Pick<ServerTrial, 'server' | 'was'>): ChangeTest {
  const name = `${server}: way back`.slice(0, 200)
  if (typeof was === 'string') {
    const detail = `the version of before was not seen to start: ${was}`
    return { name, outcome: 'not-run', detail: printable(detail, { maxLength: 1_900 }) }
  }
  const tools = was.tools === null ? 'and answers' : `and lists ${was.tools.length} tools`
  return {
    name,
    outcome: 'passed',
    detail: `the version of before starts in the sandbox from the bytes that undoing goes back to, ${tools}`,
  }
}
