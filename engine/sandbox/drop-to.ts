import { findProgram } from '../ports/find-program.ts'

/**
 * Last steps before the run: root, its capabilities and every way back to them are put down where there is a root to put down, and the
 * kernel is asked again to end this process with its parent: each change of user or of user namespace takes that promise back, and what
 * inside listens for our end can be killed from inside.
 */
export function dropTo(uid: number | null): readonly string[] {
  const program = findProgram('setpriv') ?? 'setpriv'
  const bound = [program, '--pdeathsig', 'KILL', '--no-new-privs', '--']
  if (uid === null) return bound
  const who = ['--reuid', String(uid), '--regid', String(uid), '--clear-groups']
  return [program, ...who, '--bounding-set=-all', '--inh-caps=-all', '--ambient-caps=-all', '--', ...bound]
}
