import { spawnSync } from 'node:child_process'
import { findProgram } from '../ports/find-program.ts'
import { refuse } from '../ports/network-refusal.ts'
import { dropTo } from './drop-to.ts'
import type { Launcher, Layout } from './launcher.ts'

/** Walls by bubblewrap. As root it keeps no user namespace: root builds, and the run is given a uid that nobody has. */
export const bubblewrap: Launcher = {
  id: 'bubblewrap',
  tested: process.platform === 'linux',
  own: { processes: 5, memoryBytes: 0 },
  isolates: ['files', 'processes', 'network', 'users', 'memory', 'process-count', 'disk'],
  find() {
    const program = findProgram('bwrap')
    if (program === null) return refuse('not-supported', 'bubblewrap is not installed')
    const said = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 5_000 }).stdout ?? ''
    const version = /^bubblewrap (\d+\.\d+[.\d]*)/.exec(said)?.[1]
    if (version === undefined) return refuse('not-supported', 'bubblewrap does not say its version')
    // Sizes of writable places came with 0.6.
    if (minor(version) < 6) return refuse('not-supported', `bubblewrap ${version} cannot bound the disk: 0.6 can`)
    return { version }
  },
  commandFor(layout) {
    return [
      ...(layout.uid === null ? [] : guard),
      findProgram('bwrap') ?? 'bwrap',
      ...walls(layout),
      ...places(layout),
      '--',
      ...dropTo(layout.uid),
      ...layout.command,
    ]
  },
}

/**
 * As root, bubblewrap's own end would not end the run: it has put its rights down, and may not signal the run's user. A process namespace
 * around it does: the kernel ends everyone in one whose first process is gone.
 */
const guard = ['setpriv', '--pdeathsig', 'KILL', '--', 'unshare', '--pid', '--fork', '--kill-child', '--']

function minor(version: string): number {
  const [major = 0, second = 0] = version.split('.').map(Number)
  return major * 1_000 + second
}

function walls({ uid, network }: Layout): string[] {
  const kinds = ['ipc', 'pid', ...(network === 'shared' ? [] : ['net']), 'uts', 'cgroup']
  const apart = kinds.map((what) => `--unshare-${what}`)
  const who =
    uid === null
      ? ['--unshare-user', '--uid', '1000', '--gid', '1000']
      : ['--cap-drop', 'ALL', ...['CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP'].flatMap((one) => ['--cap-add', one])]
  return [...apart, ...who, '--hostname', 'sandbox', '--as-pid-1', '--die-with-parent', '--new-session']
}

function places({ uid, shown, links, scratch, dataBytes, shmBytes }: Layout): string[] {
  return [
    ...['--proc', '/proc', '--dev', '/dev'],
    ...['--perms', '1777', '--size', String(shmBytes), '--tmpfs', '/dev/shm'],
    ...['--perms', '1777', '--size', String(dataBytes), '--tmpfs', scratch],
    ...foldersAbove(shown).flatMap((folder) => ['--perms', '0755', '--dir', folder]),
    ...shown.flatMap(({ outside, inside, writable }) => [writable === true ? '--bind' : '--ro-bind', outside, inside]),
    ...links.flatMap(({ at, to }) => ['--symlink', to, at]),
    // Files of /proc steer the whole machine, and some ask only whether it is root who writes.
    ...(uid === null ? [] : ['--remount-ro', '/proc']),
    ...['--remount-ro', '/dev', '--remount-ro', '/', '--chdir', '/'],
  ]
}

/** Folders that would else be made for nobody but their maker. */
function foldersAbove(shown: Layout['shown']): string[] {
  const above = shown.flatMap(({ inside }) => {
    const parts = inside.split('/').slice(1, -1)
    return parts.map((_, at) => `/${parts.slice(0, at + 1).join('/')}`)
  })
  const places = shown.map((one) => one.inside)
  return [...new Set(above)].filter((folder) => !places.some((at) => folder === at || folder.startsWith(`${at}/`)))
}
