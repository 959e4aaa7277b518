import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { packageKey } from '@upkeep/domain/purl'
import { type AdvisoryRow, advisoryRow } from './advisory-row.ts'
import { beforeFirst, type Piece, piecesOf, settleBlock } from './blocks.ts'
import type { FeedForm, FeedSink, Indicator, KeptAdvisory, Signal, Statement } from './feed-sink.ts'
import type { NoteSink } from './note-taker.ts'

const maxIssues = 1_000

/** Puts what is read from one feed into its index, piece by piece: a piece is a file of a folder, or the whole of anything else. */
export class IndexWriter implements FeedSink, NoteSink {
  /** The earliest day from which a record that was dated ahead may be believed. */
  ahead: string | null = null
  readonly #database: DatabaseSync
  #block = 0
  #piece = 0
  #pieces: Piece[] = []
  #about: [name: string, stamp: string] = ['', '']
  #records = 0
  #newest: string | null = null
  #listed = 0
  #counts = { rejected: 0, quarantined: 0 }
  #ecosystems = new Map<string, number>()
  readonly #statements: Record<
    'piece' | 'advisory' | 'further' | 'statement' | 'signal' | 'indicator' | 'issue',
    StatementSync
  >

  constructor(database: DatabaseSync) {
    this.#database = database
    const prepare = (sql: string) => database.prepare(sql)
    this.#statements = {
      piece: prepare(
        'insert into piece (id, name, stamp, sha256, form, records, rejected, quarantined, newest, ecosystems) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ),
      advisory: prepare('insert into advisory (piece, body, key, affected) values (?, ?, ?, ?)'),
      further: prepare('insert into further (key, advisory, affected) values (?, ?, ?)'),
      statement: prepare('insert into statement (name, piece, body) values (?, ?, ?)'),
      signal: prepare('insert or replace into signal (cve, kind, piece, body) values (?, ?, ?, ?)'),
      indicator: prepare('insert into indicator (type, value, piece, says) values (?, ?, ?, ?)'),
      issue: prepare('insert into issue (piece, kind, record, reason) values (?, ?, ?, ?)'),
    }
  }

  /** What follows belongs to this block, until it is closed. */
  openBlock(block: number): void {
    this.#block = block
    this.#pieces = piecesOf(this.#database, block)
    this.#piece = this.#pieces.reduce((last, { id }) => Math.max(last, id), beforeFirst(block))
  }

  closeBlock(stamp: string): void {
    settleBlock(this.#database, this.#block, stamp, this.#pieces)
  }

  begin(name: string, stamp: string): void {
    this.#piece += 1
    this.#about = [name, stamp]
    this.#records = 0
    this.#counts = { rejected: 0, quarantined: 0 }
    this.#newest = null
    this.#ecosystems = new Map()
  }

  end(sha256: string, form: FeedForm | null): void {
    const { rejected, quarantined } = this.#counts
    const ecosystems = JSON.stringify(Object.fromEntries(this.#ecosystems))
    const [name, stamp] = this.#about
    const [id, records, newest] = [this.#piece, this.#records, this.#newest]
    this.#pieces.push({ id, name, stamp, sha256, form, records, rejected, quarantined, newest })
    const counts = [records, rejected, quarantined] as const
    this.#statements.piece.run(id, name, stamp, sha256, form, ...counts, newest, ecosystems)
  }

  advisory(advisory: KeptAdvisory): void {
    this.row(advisoryRow(advisory))
  }

  row({ body, keyed, ecosystems }: AdvisoryRow): void {
    this.#records += 1
    const [first, ...more] = keyed
    if (first === undefined) return
    for (const name of ecosystems) this.#ecosystems.set(name, (this.#ecosystems.get(name) ?? 0) + 1)
    const { lastInsertRowid } = this.#statements.advisory.run(this.#piece, body, first[0], first[1])
    for (const [key, affected] of more) this.#statements.further.run(key, lastInsertRowid, affected)
  }

  statement(names: readonly string[], statement: Statement): void {
    this.#records += 1
    for (const name of names) this.#statements.statement.run(name, this.#piece, JSON.stringify(statement))
  }

  signal(cve: string, { kind, facts }: Signal): void {
    this.#records += 1
    this.#statements.signal.run(cve, kind, this.#piece, JSON.stringify(facts))
  }

  indicator({ type, value, says }: Indicator): void {
    this.#records += 1
    this.#statements.indicator.run(type, type === 'package' ? packageOfPurl(value) : value, this.#piece, says)
  }

  reject(record: string, reason: string): void {
    this.#note('rejected', record, reason)
  }

  quarantine(record: string, reason: string, until?: string): void {
    this.#note('quarantined', record, reason)
    if (until !== undefined && (this.ahead === null || until < this.ahead)) this.ahead = until
  }

  /** Every issue counts; only the first are kept with their reasons. */
  #note(kind: 'rejected' | 'quarantined', record: string, reason: string): void {
    this.#records += 1
    this.#counts[kind] += 1
    this.#listed += 1
    if (this.#listed <= maxIssues) this.#statements.issue.run(this.#piece, kind, record.slice(-200), reason)
  }

  dated(instant: string): void {
    if (instant > (this.#newest ?? '')) this.#newest = instant
  }

  problem(reason: string): void {
    this.#statements.issue.run(this.#piece, 'problem', '', reason)
  }
}

/** The key of the package that a URL names, its version left out: `pkg:npm/%40scope/name@1.0.0` gives `npm:@scope/name`. */
function packageOfPurl(purl: string): string {
  const [, type = '', rest = ''] = /^pkg:(npm|pypi)\/(.*)$/.exec(purl) ?? []
  const cut = rest.indexOf('@', 1)
  const name = (cut === -1 ? rest : rest.slice(0, cut)).replaceAll('%40', '@')
  return packageKey(type === 'npm' ? 'npm' : 'PyPI', name)
}
