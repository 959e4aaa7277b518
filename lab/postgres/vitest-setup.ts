import { createServer } from 'node:http'
import type { PostgresServer } from './start-postgres.ts'
import { startPostgres } from './start-postgres.ts'

/** Where a test asks for the server that its whole run shares. */
export const askAt = 'UPKEEP_TEST_POSTGRES_ASK'

/** One PostgreSQL server per test run, started when the first test asks for it, and gone when the run ends. */
export async function setup(): Promise<() => Promise<void>> {
  let started: Promise<PostgresServer> | null = null
  const door = createServer((_request, response) => {
    started ??= startPostgres()
    started.then(
      (server) => response.end(JSON.stringify({ url: server.url })),
      (error) => response.end(JSON.stringify({ problem: String(error) })),
    )
  })
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  const address = door.address()
  if (address !== null && typeof address === 'object') process.env[askAt] = `http://127.0.0.1:${address.port}/`
  return async () => {
    door.close()
    door.closeAllConnections()
    await started?.then(
      (server) => server.stop(),
      () => {},
    )
  }
}
