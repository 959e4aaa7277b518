import { AsyncLocalStorage } from 'node:async_hooks'
import { type Kysely, type KyselyPlugin, sql } from 'kysely'
import type { Capabilities, Database, Db, OpenDatabase } from './database.ts'

/** One way to the database for the tables: outside a transaction, or inside one. */
export interface Session {
  readonly db: Db
  readonly capabilities: Capabilities
  /** Runs `fn` in a transaction: the one at hand, or one of its own. */
  write<Result>(fn: (db: Db) => Promise<Result>): Promise<Result>
  /** As `write`, with a session for `fn`, and undone as a whole when `fn` throws, even inside another. */
  atomically<Result>(fn: (inner: Session) => Promise<Result>): Promise<Result>
}

interface Inside {
  readonly root: Kysely<Database>
  open: boolean
}

const inside = new AsyncLocalStorage<Inside>()

/** The session of an open database, outside any transaction. */
export function rootSession({ db, capabilities }: OpenDatabase): Session {
  async function atomically<Result>(fn: (inner: Session) => Promise<Result>): Promise<Result> {
    refuseInside(db)
    const place: Inside = { root: db, open: true }
    const done = db.transaction().execute(async (tx) => {
      await capabilities.lockForWriting(tx)
      return inside.run(place, () => fn(innerSession(tx, capabilities, 1)).finally(() => close(place)))
    })
    return done.catch((error) => {
      throw capabilities.explain(error)
    })
  }
  const write: Session['write'] = (fn) => atomically((inner) => fn(inner.db))
  return { db: db.withPlugin(guardFor(db)), capabilities, write, atomically }
}

function innerSession(tx: Db, capabilities: Capabilities, depth: number): Session {
  async function atomically<Result>(fn: (inner: Session) => Promise<Result>): Promise<Result> {
    const name = sql.ref(`upkeep_${depth}`)
    await sql`savepoint ${name}`.execute(tx)
    try {
      const result = await fn(innerSession(tx, capabilities, depth + 1))
      await sql`release savepoint ${name}`.execute(tx)
      return result
    } catch (error) {
      await sql`rollback to savepoint ${name}`.execute(tx)
      throw error
    }
  }
  return { db: tx, capabilities, write: (fn) => fn(tx), atomically }
}

function close(place: Inside): void {
  place.open = false
}

/** With one connection, a query on the outer store would wait for the transaction that is waiting for it. */
function refuseInside(root: Kysely<Database>): void {
  const place = inside.getStore()
  if (place?.open && place.root === root) throw new Error('inside a transaction, use the store that it was handed')
}

function guardFor(root: Kysely<Database>): KyselyPlugin {
  return {
    transformQuery: ({ node }) => {
      refuseInside(root)
      return node
    },
    transformResult: async ({ result }) => result,
  }
}
