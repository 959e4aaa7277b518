import type { Facts, Refusal } from '@upkeep/contract'
import type { Component, Installation } from '@upkeep/contract/observations/resolved-package'
import { type ImageFiles, openImage } from '@upkeep/domain/images/image-files'
import type { ImagePorts } from '@upkeep/domain/images/read-image'
import { describePackage, isInstalled } from './describe-copy.ts'
import { runtimeIn } from './find-runtimes.ts'
import { type NpmRecord, readNpmRecord } from './npm-record.ts'

type Health = Facts<'dependency-health'>
type Copy = Health['copies'][number]

const record = 'node_modules/.package-lock.json'
const header = 'include/node/node_version.h'
const maxProblems = 100

/** Describes each npm package of an image, by what the image's own files say once all its layers are in place, and the Node that it brings. */
export function describeImage(ports: ImagePorts, copy: Installation, wouldRun: boolean): Health | Refusal {
  const image = openImage(ports, copy.root, isWanted)
  if ('state' in image) return image
  const { files, paths } = image
  const records = new Map<string, NpmRecord>()
  const unread = copy.problems.length === 0 ? image.problems : [`${copy.problems.length} parts could not be read`]
  const problems = [...unread, ...otherEcosystems(copy)]
  const packages = copy.components.filter(isInstalled).map((component) => {
    const recorded = recordedIn(files, component, records)
    const folder = component.path === '.' ? '' : `/${component.path}`
    const { problem, ...described } = describePackage(files, component, { folder, recorded, name: '' })
    if (problem !== null) problems.push(problem)
    return described
  })
  for (const [root, { state }] of records) if (state === 'unreadable') problems.push(`${root}/${record} cannot be read`)
  const states = [...records.values()].map((one) => one.state)
  const lockfile: Copy['lockfile'] =
    states.find((one) => one === 'unreadable') ?? states.find((one) => one === 'read') ?? 'absent'
  const runtimes = paths
    .filter((path) => path.endsWith(`/${header}`))
    .map((path) => runtimeIn(files, rootOf(path, header)))
  const described = { root: copy.root, wouldRun, lockfile, packages, problems: problems.slice(0, maxProblems) }
  return { copies: [described], runtimes, runtimesLimit: runtimes.length > 0 ? null : noRuntime }
}

/** Packages of other ecosystems are in the image too, and are not described. */
function otherEcosystems({ components }: Installation): string[] {
  const others = components.filter((one) => !isInstalled(one))
  const names = [...new Set(others.map((one) => one.ecosystem))].sort().join(', ')
  return others.length === 0 ? [] : [`${others.length} packages of ${names} in it are not looked at for this`]
}

const noRuntime = 'the image has no header by which its Node could be told'

function isWanted(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return (
    name === 'package.json' ||
    name === 'binding.gyp' ||
    `/${path}`.endsWith(`/${record}`) ||
    `/${path}`.endsWith(`/${header}`)
  )
}

function rootOf(path: string, below: string): string {
  return path.slice(0, path.length - below.length - 1)
}

/** Each application in an image has a list of its own, above the first `node_modules` on the way to the package. */
function recordedIn(files: ImageFiles, { path }: Component, records: Map<string, NpmRecord>) {
  const cut = `/${path}`.indexOf('/node_modules/')
  if (cut === -1) return null
  const root = `/${path}`.slice(0, cut)
  const known = records.get(root) ?? readNpmRecord(files, root)
  records.set(root, known)
  return known.state === 'read' ? (known.packages.get(`/${path}`.slice(cut + 1)) ?? null) : null
}
