import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { loadSqlite } from '../store/dialects/sqlite/load-sqlite.ts'

/** Raised when what is kept, or how a feed is read, changes: the index of every feed is then made anew. */
export const indexVersion = 8

/** Nearly every advisory is about one package: its key stands with it, and only further ones have rows of their own. */
const schema = `
create table feed (facts text not null, code text, stamp text not null, ahead text) strict;
create table piece (id integer primary key, name text not null, stamp text not null, sha256 text not null,
  form text, records integer not null, rejected integer not null, quarantined integer not null,
  newest text, ecosystems text not null) strict;
create table block (id integer primary key, stamp text not null, digest text not null) strict;
create table tally (block integer not null, form text not null, pieces integer not null, records integer not null,
  rejected integer not null, quarantined integer not null, newest text, primary key (block, form)) strict, without rowid;
create table issue (piece integer not null, kind text not null, record text not null, reason text not null) strict;
create table advisory (id integer primary key, piece integer not null, body text not null,
  key text not null, affected text not null) strict;
create table further (key text not null, advisory integer not null, affected text not null) strict;
create table statement (name text not null, piece integer not null, body text not null) strict;
create table signal (cve text not null, kind text not null, piece integer not null, body text not null,
  primary key (cve, kind, piece)) strict, without rowid;
create table indicator (type text not null, value text not null, piece integer not null, says text not null) strict;`

const indexes = `
create index if not exists issue_piece on issue (piece);
create index if not exists advisory_piece on advisory (piece);
create index if not exists advisory_key on advisory (key);
create index if not exists further_key on further (key);
create index if not exists further_advisory on further (advisory);
create index if not exists statement_name on statement (name);
create index if not exists statement_piece on statement (piece);
create index if not exists signal_piece on signal (piece);
create index if not exists indicator_value on indicator (type, value);
create index if not exists indicator_piece on indicator (piece);`

/** Opens the index of one feed, or null when there is none that this version can use. A damaged one is as good as none. */
export function openIndex(path: string, mode: 'read' | 'write'): DatabaseSync | null {
  const { DatabaseSync } = loadSqlite()
  let opened: DatabaseSync | null = null
  try {
    opened = new DatabaseSync(path, { readOnly: mode === 'read', timeout: 5_000 })
    opened.exec('pragma trusted_schema = off')
    const version = opened.prepare('pragma user_version').get()?.user_version
    if (version === indexVersion && opened.prepare('select count(*) as n from feed').get()?.n === 1) return opened
  } catch {
    // Not there, or not a database.
  }
  opened?.close()
  return null
}

/**
 * Makes the index of one feed anew, beside the one in use, and puts it in its place at the end: another process that reads the old one
 * goes on doing so, and a process that is killed leaves the old one. Null keeps the old one.
 */
export async function makeIndex<Kept>(
  path: string,
  fill: (database: DatabaseSync) => Promise<Kept | null>,
): Promise<Kept | null> {
  const { DatabaseSync } = loadSqlite()
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}.${process.hrtime.bigint().toString(36)}.draft`
  const database = new DatabaseSync(draft)
  let kept: Kept | null = null
  try {
    // A draft that is not finished is never used, so that nothing has to be undone in it.
    // Large pages: a million small rows are written once, in any order of their keys.
    database.exec('pragma page_size = 16384')
    database.exec('pragma journal_mode = off; pragma synchronous = off; pragma locking_mode = exclusive')
    database.exec(`begin; ${schema}`)
    kept = await fill(database)
    if (kept !== null) database.exec(`${indexes} pragma user_version = ${indexVersion}; commit`)
  } finally {
    database.close()
    if (kept === null) rmSync(draft, { force: true })
  }
  if (kept !== null) renameSync(draft, path)
  return kept
}
