import type { ServerState, StatusPageContent } from '@upkeep/domain/notices/status-page'
import type { ServerUse } from './use-of-servers.ts'

type Notice = StatusPageContent['banner'][number]

/** One name may stand in several clients: it is as the worst of them. */
export function serverState(
  name: string,
  uses: readonly Pick<ServerUse, 'answer' | 'reasons'>[],
  banner: readonly Notice[],
  at: string,
): ServerState {
  const now = banner.filter((one) => one.kind !== 'planned' && (one.servers === null || one.servers.includes(name)))
  if (now.some(({ kind }) => kind === 'emergency')) return 'degraded'
  if (uses.some(({ reasons }) => reasons.some(({ code }) => code === 'emergency'))) return 'degraded'
  if (now.some(({ from }) => from <= at)) return 'maintenance'
  return uses.length > 0 && uses.every(({ answer }) => answer === 'yes') ? 'fine' : 'unknown'
}
