import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findProgram } from '../ports/find-program.ts'
import { refuse } from '../ports/network-refusal.ts'
import type { Launcher, Layout } from './launcher.ts'

/**
 * Walls by Podman, with its filter of system calls. It is given a store of its own in the staging folder and namespaces of ours around it:
 * its monitor, its mounts and its records end with the run, and the containers of whoever runs this are never touched.
 */
export const containerEngine: Launcher = {
  id: 'container-engine',
  tested: process.platform === 'linux',
  isolates: ['files', 'processes', 'network', 'users', 'memory', 'process-count', 'disk'],
  // Podman, its monitor and the runtime under it, with the threads of Go.
  own: { processes: 48, memoryBytes: 96 << 20 },
  find() {
    const missing = ['podman', 'crun', 'unshare', 'setpriv', 'prlimit'].filter((name) => findProgram(name) === null)
    if (missing.length > 0) return refuse('not-supported', `${missing.join(', ')} is not installed`)
    const said =
      spawnSync(findProgram('podman') ?? '', ['--version'], { encoding: 'utf8', timeout: 5_000 }).stdout ?? ''
    const [version, major = 0, minor = 0] = /(\d+)\.(\d+)[.\d]*/.exec(said) ?? []
    if (version === undefined) return refuse('not-supported', 'Podman does not say its version')
    if (Number(major) * 1_000 + Number(minor) < 4_003)
      return refuse('not-supported', `Podman ${version} is older than 4.3, with which this was tried`)
    return { version: `Podman ${version}` }
  },
  // Its list of mounts is separated by commas and has no way to quote one.
  faultOf({ shown, network, scratch }) {
    if (network === 'shared' || scratch !== '/data') return 'Podman is used for the walls of the sandbox only'
    return shown.some(({ inside }) => inside.includes(',')) ? 'Podman cannot show a path with a comma' : null
  },
  commandFor(layout) {
    const at = (name: string) => join(layout.staging, name)
    buildRoot(layout)
    writeSettings(layout.staging)
    return [
      ...['setpriv', '--pdeathsig', 'KILL', '--', 'unshare'],
      ...(layout.uid === null ? ['--user', '--map-root-user'] : []),
      ...['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--', '/bin/sh', '-c', around, 'sh'],
      ...['env', `CONTAINERS_CONF=${at('containers.conf')}`, `CONTAINERS_STORAGE_CONF=${at('storage.conf')}`],
      ...[`HOME=${engine}`, `XDG_RUNTIME_DIR=${engine}/run`],
      ...['podman', '--log-level', 'fatal', '--runtime', 'crun', `--runtime-flag=root=${engine}/crun`],
      ...['run', ...walls(layout), ...places(layout), '--entrypoint', '/bin/sh', at('root')],
      ...['-c', 'exec 0<&4 1>&5 2>&6 4<&- 5>&- 6>&-; exec "$@"', 'sh', ...layout.command],
    ]
  },
}

/**
 * Where the engine keeps its records: in memory, seen by it alone, and gone with it. It covers this machine's control groups as well, of
 * which the runtime refuses some kinds although it is asked for none. The engine takes no path that is longer than fifty characters.
 */
const engine = '/sys/engine'

/**
 * The program's streams go around the engine, which would keep copies of them; its own complaints stay on standard error. The shell stays:
 * the engine's monitor becomes its child, and the engine waits until somebody has taken note of that one's end.
 */
const around = `mount -t tmpfs -o mode=0755,size=16m,nosuid,nodev upkeep /sys && mkdir -p /sys/fs/cgroup ${engine} || exit 71
exec 4<&0 5>&1 6>&2 0</dev/null 1>/dev/null
"$@"
exit $?`

function walls({ uid }: Layout): string[] {
  const user = uid ?? 1_000
  // An ordinary user has one id to give: inside it is an ordinary one's as well.
  const mapped = uid === null ? ['--uidmap', '1000:0:1', '--gidmap', '1000:0:1'] : []
  return [
    ...['--rm', '--rootfs', '--read-only', '--read-only-tmpfs=false', '--network', 'none', '--cgroups', 'disabled'],
    ...['--cap-drop', 'all', '--security-opt', 'no-new-privileges', '--user', `${user}:${user}`, ...mapped],
    ...['--hostname', 'sandbox', '--no-hosts', '--passwd=false', '--unsetenv-all', '--http-proxy=false'],
    ...['--no-healthcheck', '--sdnotify', 'ignore', '--attach', 'stderr', '--preserve-fds', '4', '--workdir', '/'],
  ]
}

/** What the engine would put inside by itself is covered by empty places, but for the devices. */
function places({ shown, dataBytes, shmBytes, staging }: Layout): string[] {
  const tmpfs = [
    `/data:rw,nosuid,nodev,mode=1777,size=${dataBytes}`,
    `/dev/shm:rw,nosuid,nodev,mode=1777,size=${shmBytes}`,
    '/dev:ro,dev,mode=755,size=64k',
    ...['/dev/mqueue', '/sys', '/sys/fs/cgroup'].map((path) => `${path}:ro,mode=755,size=4k`),
  ]
  return [
    ...tmpfs.flatMap((one) => ['--tmpfs', one]),
    ...shown.flatMap(({ inside, writable }, at) => {
      // A mount below what is shown would stay writable: it is left out.
      const how = `bind-nonrecursive=true,ro=${writable !== true}`
      return ['--mount', `type=bind,source=${join(staging, 'shown', String(at))},destination=${inside},${how}`]
    }),
  ]
}

/** The empty tree that the container begins with: a place for each mount, and the links. */
function buildRoot({ staging, shown, links }: Layout): void {
  const root = join(staging, 'root')
  mkdirSync(join(staging, 'shown'))
  for (const name of ['data', 'dev', 'proc', 'sys', 'run'])
    mkdirSync(join(root, name), { recursive: true, mode: 0o755 })
  for (const [at, { outside: from, inside }] of shown.entries()) {
    // By a link of ours: no character of its path can mean something to the engine.
    symlinkSync(from, join(staging, 'shown', String(at)))
    const place = join(root, inside)
    // What lies in something that is shown is mounted in that.
    if (shown.some((other) => inside.startsWith(`${other.inside}/`))) continue
    mkdirSync(statSync(from).isDirectory() ? place : dirname(place), { recursive: true, mode: 0o755 })
    if (!existsSync(place)) writeFileSync(place, '')
  }
  for (const { at, to } of links) symlinkSync(to, join(root, at))
}

/** Nothing of the engine's own settings and records is read or written: file locks, since the others are shared by all of a machine. */
function writeSettings(staging: string): void {
  const storage = ['[storage]', 'driver = "vfs"', `graphroot = "${engine}/store"`, `runroot = "${engine}/run"`]
  const settings = [
    ...['[containers]', 'log_driver = "none"', 'default_sysctls = []', '[engine]', 'lock_type = "file"'],
    ...['cgroup_manager = "cgroupfs"', 'events_logger = "none"', `tmp_dir = "${engine}/tmp"`],
    ...[`static_dir = "${engine}/store/libpod"`, `volume_path = "${engine}/store/volumes"`],
  ]
  writeFileSync(join(staging, 'storage.conf'), `${storage.join('\n')}\n`)
  writeFileSync(join(staging, 'containers.conf'), `${settings.join('\n')}\n`)
}
