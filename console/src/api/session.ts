import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { Door } from '../../generated/api'
import { answered } from './client'
import { pageKey } from './page-key'

export type SessionShown = Door['session']
export const sessionKey = ['session']

/** Who is signed in in this browser, or how to get in. */
export function useSession(): UseQueryResult<SessionShown, Error> {
  return useQuery({
    queryKey: sessionKey,
    queryFn: async ({ signal }) => {
      const shown = (await answered(await fetch('/session', { signal }))) as SessionShown
      return shown.session === null ? shown : ofThisPage(shown, shown.session.since)
    },
    retry: 2,
  })
}

let bound = ''

/** Binds the session to this page, once. One that another page had before is no session here. */
async function ofThisPage(shown: SessionShown, since: string): Promise<SessionShown> {
  if (bound === since) return shown
  const headers = { 'content-type': 'application/json' }
  const response = await fetch('/bind', { method: 'POST', headers, body: JSON.stringify({ key: pageKey() }) })
  if (response.status !== 403) {
    await answered(response)
    bound = since
    return shown
  }
  const { title, detail, action, code } = Object(await response.json())
  return { ...shown, session: null, problem: { code, message: title, means: detail, action } }
}

/** Signs out here, and at the provider where it has a page for that. */
export async function signOut(): Promise<void> {
  const { next } = (await answered(await fetch('/leave', { method: 'POST' }))) as Door['leave']
  if (next === null) location.assign('/')
  else location.assign(next)
}
