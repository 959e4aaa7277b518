import { UserError } from '@upkeep/contract/errors'
import { sql } from 'kysely'
import type { Db } from '../database.ts'
import type { Session } from '../session.ts'
import type { Objects } from '../store.ts'
import { digestOfBytes, pack, type StoredObject, unpack } from './object-bytes.ts'

const rowsPerStatement = 500
const rowsPerPage = 500

export function objects(session: Session): Objects {
  return {
    put: async (text) => {
      const packed = pack(text)
      await session.write((db) => insert(db, [packed]))
      return packed.digest
    },
    putMany: async (texts) => {
      const packed = texts.map(pack)
      await session.write((db) => insert(db, packed))
      return packed.map((object) => object.digest)
    },
    get: async (digest) => (await getMany(session, [digest])).get(digest) ?? null,
    getMany: (digests) => getMany(session, digests),
    digests: async () => {
      const rows = await session.db.selectFrom('objects').select('digest').execute()
      return rows.map((row) => row.digest).sort()
    },
    altered: () => altered(session),
  }
}

async function insert(db: Db, packed: readonly StoredObject[]): Promise<void> {
  // PostgreSQL takes the same key twice in one statement as a conflict too, but the sizes of both would be sent.
  const rows = [...new Map(packed.map((object) => [object.digest, object])).values()]
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    const values = rows
      .slice(start, start + rowsPerStatement)
      .map(({ digest, encoding, size, body }) => sql`(${sql.join([digest, encoding, size, body])})`)
    await sql`insert into objects (digest, encoding, size, body) values ${sql.join(values)}
      on conflict (digest) do nothing`.execute(db)
  }
}

async function getMany({ db }: Session, digests: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const wanted = [...new Set(digests)]
  for (let start = 0; start < wanted.length; start += rowsPerPage) {
    const page = wanted.slice(start, start + rowsPerPage)
    const rows = await db.selectFrom('objects').selectAll().where('digest', 'in', page).execute()
    for (const row of rows) found.set(row.digest, checked(row))
  }
  return found
}

function checked(row: StoredObject): string {
  const bytes = unpack(row)
  if (bytes !== null && digestOfBytes(bytes) === row.digest) return bytes.toString('utf8')
  throw new UserError(
    'evidence-invalid',
    `The stored object ${row.digest} was altered: its bytes no longer hash to its name.`,
    'Run `upkeep verify`: it names every record that rests on it.',
  )
}

/** Reads page by page in the order of digests, so that memory stays bounded however many there are. */
async function altered({ db }: Session): Promise<string[]> {
  const found: string[] = []
  for (let after = ''; ; ) {
    const page = db.selectFrom('objects').selectAll().where('digest', '>', after).orderBy('digest').limit(rowsPerPage)
    const rows = await page.execute()
    for (const row of rows) {
      const bytes = unpack(row)
      if (bytes === null || digestOfBytes(bytes) !== row.digest) found.push(row.digest)
    }
    const last = rows.at(-1)
    if (last === undefined) return found.sort()
    after = last.digest
  }
}
