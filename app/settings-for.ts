import { dirname, resolve } from 'node:path'
import type { Settings, UpkeepFile } from '@upkeep/contract'
import { keptResultsIn } from '@upkeep/engine/intel/kept-results'
import { keptObjectsIn } from '@upkeep/engine/vault/kept-tarballs'
import type { ActsInput } from './acts-input.ts'
import type { OpenBundles } from './bundles/open-bundles.ts'
import { type LockPlaceInput, lockFoldersOf, lockPathOf } from './desired-state/lock-place.ts'
import { absoluteModes } from './desired-state/violations.ts'
import { feedsOf } from './feeds-of.ts'
import { fingerprintPacks, knownNamePacks, requirementPack, urgencyPack, vendorPacks } from './installed-files.ts'
import { loginsOf } from './login-acts.ts'
import { npmRegistries } from './npm-registries.ts'
import type { ScanRequest } from './operations/context.ts'

type Statement = UpkeepFile['servers'][number]

/** What the owner allows a look, from `upkeep.yaml`, the machine and what is asked. */
export function settingsFor(
  { upkeepFile, upkeepFilePath, machine, stateDir, places }: ActsInput,
  { probe, online, prove, proveControls }: Pick<ScanRequest, 'probe' | 'online' | 'prove' | 'proveControls'>,
  bundles: OpenBundles['list'],
): Settings {
  // Paths in the file are relative to the file, as its reader expects.
  const base = upkeepFilePath === null ? machine.cwd : dirname(upkeepFilePath)
  const absolute = (paths: readonly string[]) => paths.map((path) => resolve(base, path))
  return {
    probe: upkeepFile.probe,
    connectToDeclared: probe,
    online,
    ...(prove === undefined ? {} : { prove }),
    ...(proveControls === undefined ? {} : { proveControls }),
    ...npmRegistries(machine),
    feeds: {
      ...feedsOf({ upkeepFile, upkeepFilePath, cwd: machine.cwd }),
      registry: absolute(upkeepFile.feeds.registry),
    },
    ...(upkeepFile.trust === undefined ? {} : { trust: absoluteIn(upkeepFile.trust, base) }),
    urgency: upkeepFile.urgency === undefined ? urgencyPack() : resolve(base, upkeepFile.urgency),
    requirements: requirementPack(),
    desired: {
      ...lockOf({ upkeepFilePath, machine, places }),
      modes: absoluteModes({ upkeepFile, upkeepFilePath, machine }),
    },
    keptObjects: keptObjectsIn(stateDir),
    vendors: vendorPacks(),
    knownNames: knownNamePacks(),
    foreignResults: keptResultsIn(stateDir),
    logins: loginsOf({ stateDir, machine }).facts(),
    servers: upkeepFile.servers.map((one) => withAbsolute(one, base)),
    fingerprints: fingerprintPacks(),
    bundles,
    images: upkeepFile.images.map((image) => ({ ...image, path: resolve(base, image.path) })),
  }
}

function lockOf(input: LockPlaceInput) {
  const lock = lockPathOf(input)
  return { lock, home: lockFoldersOf(input, lock).home }
}

function absoluteIn(trust: NonNullable<Settings['trust']>, base: string): NonNullable<Settings['trust']> {
  const { registryKeys, sigstoreRoot } = trust
  return {
    ...(registryKeys === undefined ? {} : { registryKeys: resolve(base, registryKeys) }),
    ...(sigstoreRoot === undefined ? {} : { sigstoreRoot: resolve(base, sigstoreRoot) }),
  }
}

function withAbsolute({ goldenCalls, costs, ...one }: Statement, base: string): Statement {
  return {
    ...one,
    ...(goldenCalls === undefined ? {} : { goldenCalls: resolve(base, goldenCalls) }),
    ...(costs === undefined ? {} : { costs: resolve(base, costs) }),
  }
}
