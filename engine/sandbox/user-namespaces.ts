import { spawnSync } from 'node:child_process'
import { statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findProgram } from '../ports/find-program.ts'
import { refuse } from '../ports/network-refusal.ts'
import { dropTo } from './drop-to.ts'
import type { Launcher, Layout } from './launcher.ts'
import { quoted } from './quoted.ts'

const needed = ['unshare', 'setpriv', 'mount', 'umount', 'pivot_root', 'prlimit']

/** Walls by the tools of util-linux alone. As an ordinary user they stand in a user namespace; root needs none, and the run gets a uid that nobody has. */
export const userNamespaces: Launcher = {
  id: 'user-namespaces',
  tested: process.platform === 'linux',
  own: { processes: 5, memoryBytes: 0 },
  isolates: ['files', 'processes', 'network', 'users', 'memory', 'process-count', 'disk'],
  find() {
    const missing = needed.filter((name) => findProgram(name) === null)
    if (missing.length > 0) return refuse('not-supported', `${missing.join(', ')} of util-linux is not installed`)
    const said =
      spawnSync(findProgram('unshare') ?? '', ['--version'], { encoding: 'utf8', timeout: 5_000 }).stdout ?? ''
    const version = /(\d+)\.(\d+)[.\d]*/.exec(said)
    if (version === null) return refuse('not-supported', 'util-linux does not say its version')
    // Older ones have not been tried: options for users and for dying with the parent came one by one.
    if (Number(version[1]) * 1_000 + Number(version[2]) < 2_038)
      return refuse('not-supported', `util-linux ${version[0]} is older than 2.38, with which this was tried`)
    return { version: `util-linux ${version[0]}` }
  },
  commandFor(layout) {
    const who = layout.uid === null ? ['--user', '--map-root-user'] : []
    writeFileSync(join(layout.staging, 'mounts'), mountTable(layout))
    return [
      ...['setpriv', '--pdeathsig', 'KILL', '--', 'unshare'],
      ...who,
      ...['--mount', '--pid', ...(layout.network === 'shared' ? [] : ['--net'])],
      ...['--ipc', '--uts', '--cgroup', '--fork', '--kill-child'],
      ...['--', '/bin/sh', '-c', setUp(layout)],
    ]
  },
}

/** Builds the walls from within the new namespaces, then becomes the run. */
function setUp(layout: Layout): string {
  const root = join(layout.staging, 'root')
  const at = (inside: string) => quoted(join(root, inside))
  return `set -eu
umask 022
# Not recursively: a mount below would stay writable. Mounts that came from elsewhere keep flags that may not be taken away: each is asked for with the flags it may have had.
open() { mount --bind -o nosuid,nodev "$1" "$2" 2>/dev/null || mount --bind "$1" "$2"; }
show() {
  if mount --bind -o ro,nosuid,nodev "$1" "$2" 2>/dev/null; then return 0; fi
  mount --bind "$1" "$2"
  for flags in ro,nosuid,nodev,noexec ro,nosuid,nodev,noatime ro,nosuid,nodev,noexec,noatime; do
    if mount -o "remount,bind,$flags" "$2" 2>/dev/null; then return 0; fi
  done
  echo "a place could not be made read-only" >&2; exit 71
}
mount -t tmpfs -o mode=0755,size=1m,nosuid,nodev upkeep ${quoted(root)}
mkdir ${['proc', 'dev', layout.scratch, 'old', 'dev/shm'].map(at).join(' ')}
# First: what is shown may lie in it.
mount -t tmpfs -o ${sized(layout.dataBytes)} upkeep ${at(layout.scratch)}
${placesFor(layout.shown, root)}
for name in ${devices.join(' ')}; do : > ${at('dev')}/$name; done
if ! mount --all --fstab ${quoted(join(layout.staging, 'mounts'))} 2>/dev/null; then
  ${layout.shown.map(({ outside, inside, writable }) => `${writable === true ? 'open' : 'show'} ${quoted(outside)} ${at(inside)}`).join('\n  ')}
  mount -t proc -o ${procOptions(layout)} proc ${at('proc')}
  for name in ${devices.join(' ')}; do mount --bind /dev/$name ${at('dev')}/$name; done
  mount -t tmpfs -o ${sized(layout.shmBytes)} upkeep ${at('dev/shm')}
fi
ln -s /proc/self/fd ${at('dev/fd')}; ln -s fd/0 ${at('dev/stdin')}; ln -s fd/1 ${at('dev/stdout')}; ln -s fd/2 ${at('dev/stderr')}
${layout.links.map((link) => `ln -s ${quoted(link.to)} ${at(link.at)}`).join('\n')}
hostname sandbox 2>/dev/null || :
${layout.network === 'loopback' ? loopbackUp : ''}
cd ${quoted(root)}
pivot_root . old
cd /
umount -l /old
rmdir /old
mount -o remount,bind,ro,nosuid,nodev /
exec ${[...become(layout.uid), ...layout.command].map(quoted).join(' ')}
`
}

/** Files of `/proc` steer the whole machine, and some ask only whether it is root who writes: where root builds nobody inside writes there. */
function procOptions({ uid }: Pick<Layout, 'uid'>): string {
  return `nosuid,nodev,noexec${uid === null ? '' : ',ro'}`
}

const devices = ['null', 'zero', 'full', 'random', 'urandom', 'tty']

function sized(bytes: number): string {
  return `mode=1777,size=${bytes},nosuid,nodev`
}

/** All mounts in one table for one program: where it cannot make each as it is asked for, they are made one by one over whatever it did. */
function mountTable({ shown, shmBytes, staging, uid }: Layout): string {
  const at = (inside: string) => join(staging, 'root', inside)
  const lines = [
    ...shown.map(({ outside, inside, writable }) => [
      outside,
      at(inside),
      'none',
      `bind,${writable === true ? '' : 'ro,'}nosuid,nodev`,
    ]),
    ['proc', at('proc'), 'proc', procOptions({ uid })],
    ...devices.map((name) => [`/dev/${name}`, at(`dev/${name}`), 'none', 'bind']),
    ['upkeep', at('dev/shm'), 'tmpfs', sized(shmBytes)],
  ]
  return lines.map((words) => `${words.map(escaped).join(' ')} 0 0\n`).join('')
}

/** As fstab(5) wants it: a byte of a path that could end a word as its number. */
function escaped(word: string): string {
  return word.replace(/[\s\\#"]/g, (one) => `\\${one.charCodeAt(0).toString(8).padStart(3, '0')}`)
}

const loopbackUp = `ip link set lo up 2>/dev/null || ifconfig lo up`

/** Every place that something is shown at, made by one program: each that is started costs milliseconds. */
function placesFor(shown: Layout['shown'], root: string): string {
  const isFolder = shown.map(({ outside }) => statSync(outside).isDirectory())
  const folders = shown.map(({ inside }, at) => join(root, isFolder[at] ? inside : dirname(inside)))
  const files = shown.filter((_, at) => !isFolder[at]).map(({ inside }) => `: > ${quoted(join(root, inside))}`)
  return [`mkdir -p ${[...new Set(folders)].map(quoted).join(' ')}`, ...files].join('\n')
}

/** As an ordinary user the root of the namespace is put down by a second one, in which the user is an ordinary one as well. */
function become(uid: number | null): readonly string[] {
  if (uid !== null) return dropTo(uid)
  return ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--', ...dropTo(null)]
}
