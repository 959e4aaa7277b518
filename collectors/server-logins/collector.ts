import { defineCollector } from '@upkeep/contract'
import { findListed } from '@upkeep/domain/listed-endpoint'

/** How the login stands that a person gave for a remote server. What opens the server is not seen. */
export const serverLogins = defineCollector({
  id: 'server-logins',
  version: 1,
  title: 'Logins to remote servers',
  sees: ['server-login'],
  per: 'server',
  reaches: ['secrets'],
  after: [],
  timeoutSeconds: 10,
  async collect({ for: { subject, server }, ports, settings }) {
    const kind = 'server-login'
    if (server.transport === 'stdio' || server.url === null) {
      return [{ kind, subject, state: 'absent', reason: 'it has no address to log in at' }]
    }
    const login = findListed(server, settings.logins ?? [], ports.secrets.fingerprint)
    if (login === null)
      return [{ kind, subject, state: 'absent', reason: 'nobody logged in to it with "upkeep login"' }]
    return [{ kind, subject, state: 'seen', facts: { ...login, url: server.url } }]
  },
})
