import type { OpenDatabase } from './database.ts'
import { migrate } from './migrations/migrate.ts'
import { rootSession, type Session } from './session.ts'
import type { Store, StorePlace } from './store.ts'
import { acceptances } from './tables/acceptances.ts'
import { attestations } from './tables/attestations.ts'
import { baselines } from './tables/baselines.ts'
import { changes } from './tables/changes.ts'
import { checkpoints } from './tables/checkpoints.ts'
import { components } from './tables/components.ts'
import { consents } from './tables/consents.ts'
import { deliveries } from './tables/deliveries.ts'
import { findings } from './tables/findings.ts'
import { keys } from './tables/keys.ts'
import { leases } from './tables/leases.ts'
import { ledger } from './tables/ledger.ts'
import { objects } from './tables/objects.ts'
import { personKeys } from './tables/person-keys.ts'
import { records } from './tables/records.ts'
import { requests } from './tables/requests.ts'
import { rounds } from './tables/rounds.ts'
import { runs } from './tables/runs.ts'
import { tickets } from './tables/tickets.ts'
import { tokens } from './tables/tokens.ts'

/** Opens the database that the place names, brings its schema up to date, and puts the tables on it. */
export async function openDatabase(place: StorePlace): Promise<Store> {
  const database = await connect(place)
  try {
    await migrate(database)
  } catch (error) {
    await database.db.destroy()
    throw database.capabilities.explain(error)
  }
  return storeOn(rootSession(database), () => database.db.destroy())
}

async function connect(place: StorePlace): Promise<OpenDatabase> {
  if ('postgresUrl' in place) {
    const { openPostgres } = await import('./dialects/postgres/open-postgres.ts')
    return openPostgres(place.postgresUrl)
  }
  const { openSqlite } = await import('./dialects/sqlite/open-sqlite.ts')
  return openSqlite(place.stateDir)
}

/** The store over an open database, as it is: a schema of before is left as it is too. */
export function storeOn(session: Session, close: () => Promise<void>): Store {
  return {
    kind: session.capabilities.kind,
    objects: objects(session),
    components: components(session),
    runs: runs(session),
    findings: findings(session),
    acceptances: acceptances(session),
    baselines: baselines(session),
    attestations: attestations(session),
    consents: consents(session),
    changes: changes(session),
    personKeys: personKeys(session),
    keys: keys(session),
    records: records(session),
    ledger: ledger(session),
    checkpoints: checkpoints(session),
    rounds: rounds(session),
    leases: leases(session),
    requests: requests(session),
    tokens: tokens(session),
    deliveries: deliveries(session),
    tickets: tickets(session),
    transaction: (fn) => session.atomically((inner) => fn(storeOn(inner, refuseClose))),
    close,
  }
}

async function refuseClose(): Promise<void> {
  throw new Error('a transaction is ended by returning or throwing, not by close')
}
