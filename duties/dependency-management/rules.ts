import { rule } from '@upkeep/contract'
import { z } from 'zod'

const place = { version: z.string().nullable(), path: z.string(), copy: z.string() }

export const rules = {
  'unpinned-entry': rule({
    version: 1,
    title: 'Entry without a fixed version',
    severity: 'medium',
    help: 'Whoever publishes the next version of the package decides what your client starts. Write the version that you looked at into the entry.',
    facts: z.object({ package: z.string(), requested: z.string().nullable(), wouldRun: z.string().nullable() }),
    identity: ['package'],
  }),
  'integrity-mismatch': rule({
    version: 1,
    title: 'Installed package is not the published one',
    severity: 'high',
    help: 'What was installed is not what the registry publishes under that version. Do not start the server; find out which of the two was altered, then install it anew.',
    facts: z.object({
      package: z.string(),
      ...place,
      /** What was held against what. */
      compared: z.enum(['registry', 'npm-record', 'kept-package']),
      installed: z.string(),
      expected: z.string(),
    }),
    identity: ['package', 'compared'],
  }),
  'origin-not-proven': rule({
    version: 1,
    title: 'Signature or attestation does not hold',
    severity: 'high',
    help: 'The registry hands out a signature or an attestation over the package that does not fit it. Do not start the server before you know why: hold the package against another registry, and ask the maker.',
    facts: z.object({ package: z.string(), ...place, compared: z.enum(['signature', 'provenance']), why: z.string() }),
    identity: ['package', 'compared'],
  }),
  'built-elsewhere': rule({
    version: 1,
    title: 'Package is built from another repository than it names',
    severity: 'medium',
    help: 'Its provenance holds, and says that it was built from another repository than the one that its package.json names. A name that is borrowed lends its stars and its reputation; a project that moved looks the same. Read the repository that it was built from, not the one that it names.',
    facts: z.object({ package: z.string(), ...place, names: z.string(), builtFrom: z.string() }),
    identity: ['package', 'builtFrom'],
  }),
  typosquat: rule({
    version: 1,
    title: 'Name that passes for a known package',
    severity: 'high',
    help: 'A name that differs from a known one by next to nothing is how a foreign package gets started by a slip. Compare it with what you meant; correct the entry, or add it to trustedNames.',
    facts: z.object({
      package: z.string(),
      ecosystem: z.string(),
      imitates: z.string(),
      by: z.string(),
      direct: z.boolean(),
    }),
    identity: ['package'],
  }),
  'install-scripts': rule({
    version: 1,
    title: 'Package runs scripts when installed',
    severity: 'low',
    help: 'Its scripts run with your rights each time the tree is installed anew. Read them once, then add the package to allowedInstallScripts, or install with --ignore-scripts.',
    facts: z.object({ package: z.string(), ...place, scripts: z.array(z.string()) }),
    identity: ['package'],
  }),
  'licence-unusual': rule({
    version: 1,
    title: 'Unusual licence',
    severity: 'low',
    help: 'The licence is not among those that are usual here. Have it read by whoever decides on licences, then add it to usualLicences, or do without the package.',
    facts: z.object({ licence: z.string().nullable(), packages: z.array(z.string()), count: z.int() }),
    identity: ['licence'],
  }),
  abandoned: rule({
    version: 1,
    title: 'Package is no longer maintained',
    severity: 'low',
    help: 'Nobody will repair it. Look for the successor that its maker names, or for another server that does the same.',
    facts: z.object({
      package: z.string(),
      version: z.string().nullable(),
      deprecated: z.boolean(),
      newestPublishedAt: z.string().nullable(),
    }),
    identity: ['package'],
  }),
  'abandoned-parts': rule({
    version: 1,
    title: 'Packages that are brought along are no longer maintained',
    severity: 'low',
    help: 'Nobody will repair them. Ask the maker of the server to replace them, the deprecated ones first, or look for one that does the same with less.',
    facts: z.object({ deprecated: z.array(z.string()), old: z.array(z.string()), count: z.int(), all: z.int() }),
    identity: [],
  }),
  'maintainer-change': rule({
    version: 1,
    title: 'Other people maintain the package now',
    severity: 'medium',
    help: 'Those who could publish the package are not those who can now, or the installed version is a newcomer’s first. Read what the newcomers changed before you start it or take a newer version.',
    facts: z.object({
      package: z.string(),
      version: z.string(),
      former: z.array(z.string()),
      present: z.array(z.string()),
      /** The version with which it changed, where that is the installed one or an earlier one. */
      since: z.string().optional(),
    }),
    identity: ['package', 'present'],
  }),
  'runtime-floor': rule({
    version: 1,
    title: 'Node is older than a package accepts',
    severity: 'medium',
    help: 'The package states that it does not work with the Node that would run it. Install a Node that it accepts, or set the entry to a version that accepts yours.',
    facts: z.object({
      package: z.string(),
      version: z.string().nullable(),
      engines: z.string(),
      runtimes: z.array(z.string()),
    }),
    identity: ['package'],
  }),
}
export type Rules = typeof rules
