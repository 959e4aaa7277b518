import { everyReferenceStyle, isReference, isStoreReference } from '@upkeep/domain/redaction/references'
import { z } from 'zod'
import { destinationOf } from './secrets-to.ts'

/** Never a credential itself: what stands in a command line can be read by others. */
const Replacement = z
  .string()
  .max(300)
  .refine(
    (text) =>
      /^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:\/\S+)$/.test(text) ||
      isReference(text, everyReferenceStyle) ||
      isStoreReference(text),
    'Say where it is found, and not what it is: env:NAME, file:/path, or a reference such as op://vault/item/field.',
  )

/** What a person may ask of `fix`: by what is open, or in so many words. */
export const FixInput = z.strictObject({
  what: z
    .array(z.string())
    .default([])
    .describe('Servers, files, duties or fingerprints of findings; none lists what can be fixed'),
  plan: z.boolean().default(false).describe('Only show what would be written; store nothing'),
  propose: z.boolean().default(false).describe('Only propose it: it is tested, and waits for who approves it'),
  change: z
    .string()
    .optional()
    .describe('Go on with this change instead: approved meanwhile, or interrupted')
    .meta({ valueName: 'id' }),
  to: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'Set the server to this version, or the image to this digest', valueName: 'version' }),
  arg: z
    .array(z.string().max(4_000))
    .default([])
    .meta({ description: 'Give an argument another value, by its number: 3=/srv/data', valueName: 'number=value' }),
  remove: z.boolean().default(false).describe('Take the server out of every client that declares it'),
  disable: z.boolean().default(false).describe('Switch the server off in every client that declares it'),
  deny: z
    .boolean()
    .default(false)
    .describe('Have Claude Code start the server for nobody on this machine, by its managed settings'),
  moveSecrets: z
    .boolean()
    .default(false)
    .describe('Move the secrets of the server into files that only you can read, or where --secrets-to says'),
  secretsTo: z
    .string()
    .max(120)
    .refine((words) => destinationOf(words) !== null, 'Say file, keyring, op://<vault> or vault:<folder>.')
    .optional()
    .meta({
      description:
        'Where a secret that is moved goes: file (as if not said), keyring, op://<vault> of 1Password, or vault:<folder> of HashiCorp Vault',
      valueName: 'store',
    }),
  cutOff: z
    .boolean()
    .default(false)
    .describe(
      'Take every reference to this vendor, host or server out of all clients; what cannot be edited is listed',
    ),
  restorePackages: z
    .boolean()
    .default(false)
    .describe('Put the installed packages of the server back to what was published, from archives kept here'),
  restoreConfig: z
    .boolean()
    .default(false)
    .describe(
      'Put the entry of the server, or every entry of the file, back to what is approved or to the newest copy that is kept here',
    ),
  asOf: z.string().min(1).max(64).optional().meta({
    description: 'With --restore-config: as it was at the end of this day, or as this change left it',
    valueName: 'day or id',
  }),
  costs: z
    .string()
    .regex(/^\d{1,12}(?:\.\d{1,2})? [A-Z]{3}$/, 'an amount and its currency, such as "1200 EUR"')
    .optional()
    .meta({ description: 'What it costs, for the policies that ask by it, such as "1200 EUR"', valueName: 'amount' }),
  rotate: z.string().min(1).max(200).optional().meta({
    description:
      'Put a new credential wherever this one of the server is used: a variable, a header, a flag or the number of an argument',
    valueName: 'name',
  }),
  with: Replacement.optional().meta({
    description:
      'Where the new credential is found: env:NAME, file:/path, or a reference to put in, such as op://vault/item/field; left out, you type it',
    valueName: 'reference',
    local: true,
  }),
  revoke: z
    .boolean()
    .default(false)
    .describe('Ask the issuer to end the old credential, once the server answers with the new one'),
  clientId: z
    .string()
    .min(1)
    .max(2_000)
    .optional()
    .meta({ description: 'The client that the old credential was issued to, for its issuer', valueName: 'id' }),
  online: z
    .boolean()
    .default(false)
    .describe('Fetch the bytes of another version from the package registry, to test them before anybody is asked'),
  pinImages: z
    .boolean()
    .default(false)
    .describe('In the Compose files and Kubernetes manifests that are named: have images named by their digests'),
  image: z.string().min(1).max(500).optional().meta({
    description: 'With --pin-images: only this image, such as ghcr.io/acme/server:1.2',
    valueName: 'reference',
  }),
  branch: z
    .boolean()
    .default(false)
    .describe('Make a branch with one commit in the Git repository of the file, and write no file; nothing is pushed'),
  base: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,200}$/, 'the name of a branch or commit')
    .optional()
    .meta({ description: 'With --branch: the branch or commit to begin at', valueName: 'name' }),
  skip: z
    .string()
    .regex(/^[^\s@]{1,100}$/, 'a version')
    .optional()
    .meta({ description: 'Pass this version over: it is proposed no more until a day', valueName: 'version' }),
  until: z.string().optional().meta({ description: 'With --skip: the last day, or 30d from today', valueName: 'day' }),
  withdraw: z.boolean().default(false).describe('With --skip: have the version proposed again'),
  reason: z.string().min(1).max(2_000).optional().describe('Why it is made, for the record'),
  key: z
    .string()
    .optional()
    .meta({ description: 'Approve with this SSH key, as "approve" does', valueName: 'file', local: true }),
})
