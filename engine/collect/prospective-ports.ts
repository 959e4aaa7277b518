import type { SandboxPort } from '@upkeep/contract'
import type { FileFacts, FilesPort, GatewaysPort, Ports } from '@upkeep/contract/ports'

/** The world as a change would leave it: files with other bytes, and a tree that lies elsewhere for now, seen where it would be put. */
export interface Prospect {
  readonly files: ReadonlyMap<string, Uint8Array | 'absent'>
  /** The servers of gateways, as one text by address. */
  readonly gateways?: ReadonlyMap<string, string>
  /** `at`: where it would lie; `real`: where it lies. Both absolute. */
  readonly trees: readonly { at: string; real: string }[]
}

/** The ports on which the world is as a change would leave it. Nothing is written. */
export function prospectivePorts<Some extends Pick<Ports, 'files' | 'sandbox' | 'gateways'>>(
  ports: Some,
  prospect: Prospect,
): Some {
  return {
    ...ports,
    files: prospectiveFiles(ports.files, prospect),
    sandbox: prospectiveSandbox(ports.sandbox, prospect),
    gateways: prospectiveGateways(ports.gateways, prospect),
  }
}

function prospectiveGateways(gateways: GatewaysPort, prospect: Prospect): GatewaysPort {
  return {
    async read(address) {
      const text = prospect.gateways?.get(address)
      return text === undefined ? gateways.read(address) : { state: 'present', text }
    },
  }
}

function prospectiveFiles(files: FilesPort, prospect: Prospect): FilesPort {
  const real = (path: string) => realOf(path, prospect)
  return {
    ...files,
    inspect(path) {
      const facts = files.inspect(real(path))
      const changed = prospect.files.get(path)
      if (changed === 'absent') return { state: 'absent' }
      if (changed !== undefined) return { ...(facts.state === 'present' ? facts : unborn), size: changed.length }
      const above = prospect.trees.find(({ at }) => at.startsWith(`${path}/`))
      return facts.state === 'absent' && above !== undefined ? files.inspect(above.real) : facts
    },
    resolve(path) {
      if (prospect.files.get(path) === 'absent') return { state: 'absent' }
      const found = files.resolve(real(path))
      if (found.state === 'present') return { ...found, path: seenOf(found.path, path, prospect) }
      const there = prospect.files.has(path) || prospect.trees.some(({ at }) => at.startsWith(`${path}/`))
      return found.state === 'absent' && there ? { state: 'present', path } : found
    },
    readLink: (path) => files.readLink(real(path)),
    read(path, maxBytes) {
      const changed = prospect.files.get(path)
      if (changed === undefined) return files.read(real(path), maxBytes)
      if (changed === 'absent') return { state: 'absent' }
      if (changed.length > maxBytes)
        return { state: 'unavailable', code: 'too-large', reason: `the file is larger than ${maxBytes} bytes` }
      const facts = files.inspect(path)
      const known = facts.state === 'present' ? facts : unborn
      return { state: 'present', bytes: changed, facts: { ...known, size: changed.length } }
    },
    list: (path, maxEntries) => files.list(real(path), maxEntries),
    digestTree: (root, options) => files.digestTree(real(root), options),
  }
}

const none = { uid: 0, gid: 0, inode: 0n, device: 0n, modifiedNs: 0n, changedNs: 0n }
const unborn: FileFacts = { state: 'present', type: 'file', size: 0, mode: 0o600, ...none }

/** The sandbox shows the tree from where it lies. */
function prospectiveSandbox(sandbox: SandboxPort, prospect: Prospect): SandboxPort {
  return {
    ...sandbox,
    start: (run, needs) => {
      const shows = run.shows.map((one) => ({ ...one, outside: realOf(one.outside, prospect) }))
      return sandbox.start({ ...run, shows }, needs)
    },
  }
}

function realOf(path: string, { trees }: Prospect): string {
  const tree = trees.find(({ at }) => path === at || path.startsWith(`${at}/`))
  return tree === undefined ? path : `${tree.real}${path.slice(tree.at.length)}`
}

/** A path inside the tree, by the name that it would have; what was asked for outside of it keeps its own. */
function seenOf(found: string, asked: string, { trees }: Prospect): string {
  const tree = trees.find(({ at, real }) => asked.startsWith(at) && (found === real || found.startsWith(`${real}/`)))
  return tree === undefined ? found : `${tree.at}${found.slice(tree.real.length)}`
}
