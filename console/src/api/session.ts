import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { Door } from '../../generated/api'
import { answered } from './client'

export type SessionShown = Door['session']
export const sessionKey = ['session']

/** Who is signed in in this browser, or how to get in. */
export function useSession(): UseQueryResult<SessionShown, Error> {
  return useQuery({
    queryKey: sessionKey,
    queryFn: async ({ signal }) => (await answered(await fetch('/session', { signal }))) as SessionShown,
    retry: 2,
  })
}

/** Signs out here, and at the provider where it has a page for that. */
export async function signOut(): Promise<void> {
  const { next } = (await answered(await fetch('/leave', { method: 'POST' }))) as Door['leave']
  if (next === null) location.assign('/')
  else location.assign(next)
}
