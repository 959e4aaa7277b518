import { existsSync, lstatSync, readlinkSync } from 'node:fs'
import type { ShownPlace } from './launcher.ts'

/** Programs and libraries that come with a system; `/usr/local` is the site's own and is shown only where the runtime lies there. */
const programFolders = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32']
const usr = [...programFolders, 'libexec', 'share'].map((name) => `/usr/${name}`)
/** What the dynamic linker, `update-alternatives` and TLS libraries look for; nothing that names a user or this machine. */
const settings = ['/etc/ld.so.cache', '/etc/ld.so.conf', '/etc/ld.so.conf.d', '/etc/alternatives', '/etc/ssl/certs']
const certificates = ['/etc/ssl/openssl.cnf', '/etc/pki/tls/certs', '/etc/pki/ca-trust/extracted', '/nix/store']

/** The read-only system inside, and the links by which older paths lead to it. */
export function systemPlaces(): { shown: ShownPlace[]; links: { at: string; to: string }[] } {
  const roots = programFolders.map((name) => `/${name}`).filter((path) => existsSync(path))
  const links = roots.filter(isLink).map((at) => ({ at, to: readlinkSync(at) }))
  const folders = [...usr, ...roots.filter((path) => !isLink(path)), ...settings, ...certificates]
  const shown = folders.filter((path) => existsSync(path)).map((path) => ({ outside: path, inside: path }))
  return { shown, links: [...links, { at: '/tmp', to: 'data/tmp' }] }
}

/** Whether a path of this machine is in the system that every run sees at the same path. */
export function isSystemPath(path: string): boolean {
  const folders = [...usr, ...programFolders.map((name) => `/${name}`), '/etc/alternatives', '/nix/store']
  return folders.some((folder) => path === folder || path.startsWith(`${folder}/`))
}

function isLink(path: string): boolean {
  return lstatSync(path).isSymbolicLink()
}

/** Files of `/etc` that libraries want and that must not be this machine's. */
export function ownSettings(uid: number): Readonly<Record<string, string>> {
  return {
    passwd: `root:x:0:0:root:/:/bin/false\nsandbox:x:${uid}:${uid}:sandbox:/data/home:/bin/sh\n`,
    group: `root:x:0:\nsandbox:x:${uid}:\n`,
    hosts: '127.0.0.1 localhost sandbox\n::1 localhost\n',
    hostname: 'sandbox\n',
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
    'resolv.conf': '',
  }
}
