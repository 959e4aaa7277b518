import { findProgram } from './find-program.ts'

/** Puts root, its capabilities and every way back to them down before the command that follows. Nothing when there is no root to put down. */
export function dropTo(uid: number | null): readonly string[] {
  if (uid === null) return []
  const program = findProgram('setpriv') ?? 'setpriv'
  const who = ['--reuid', String(uid), '--regid', String(uid), '--clear-groups']
  return [program, ...who, '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all', '--ambient-caps=-all', '--']
}
