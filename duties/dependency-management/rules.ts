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
  'maintainer-change': rule({
    version: 1,
    title: 'Other people maintain the package now',
    severity: 'medium',
    help: 'None of those who could publish the installed version can publish the next one. Read what the newcomers changed before you take a newer version.',
    facts: z.object({
      package: z.string(),
      version: z.string(),
      former: z.array(z.string()),
      present: z.array(z.string()),
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
