import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { sessionKey } from './session'

export type Connection = 'open' | 'lost'

/** Hears that something was recorded, and has everything read again. Says when it cannot hear: what is shown may then be old. */
export function useChanged(): Connection {
  const queries = useQueryClient()
  const [connection, setConnection] = useState<Connection>('open')
  useEffect(() => {
    const events = new EventSource('/api/v1/events')
    events.addEventListener('changed', () => void queries.invalidateQueries())
    events.addEventListener('open', () => setConnection('open'))
    events.addEventListener('error', () => {
      setConnection('lost')
      // It may be the session that ended.
      void queries.invalidateQueries({ queryKey: sessionKey })
    })
    return () => events.close()
  }, [queries])
  return connection
}
