type Sqlite = typeof import('node:sqlite')

/**
 * Loads Node's own SQLite without the one warning that Node 24 may print for it: the user can do nothing about it, and it would stand
 * between the lines of a report. Synchronous, so that no other warning can fall into the gap.
 */
export function loadSqlite(): Sqlite {
  const emit = process.emitWarning
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (!isSqliteNotice(warning)) Reflect.apply(emit, process, [warning, ...rest])
  }
  try {
    return process.getBuiltinModule('node:sqlite')
  } finally {
    process.emitWarning = emit
  }
}

function isSqliteNotice(warning: string | Error): boolean {
  const text = typeof warning === 'string' ? warning : warning.message
  return text.startsWith('SQLite is an experimental feature')
}
