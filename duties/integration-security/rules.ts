import { rule } from '@upkeep/contract'
import { z } from 'zod'

export const rules = {
  'same-credential-in-several-servers': rule({
    version: 1,
    title: 'Same credential in several servers',
    severity: 'medium',
    help: 'Whoever takes over one of these servers can act as all of them, and replacing the credential breaks all at once. Issue one credential for each server, with the rights that it needs.',
    facts: z.object({
      fingerprint: z.string(),
      where: z.string(),
      kind: z.string(),
      others: z.array(z.object({ name: z.string(), client: z.string(), path: z.string() })),
    }),
    identity: ['fingerprint'],
  }),
  'credential-older-than': rule({
    version: 1,
    title: 'Credential was not replaced in time',
    severity: 'medium',
    help: 'The longer a credential stays the same, the more backups, logs and former colleagues have it. Issue a new one, put it in place, and revoke the old one.',
    facts: z.object({
      where: z.string(),
      kind: z.string(),
      /** In place at least since then. */
      since: z.string(),
      /** By what that is known. */
      by: z.enum(['history', 'statement']),
    }),
    identity: ['where'],
  }),
  'no-owner': rule({
    version: 1,
    title: 'Nobody answers for the server',
    severity: 'low',
    help: 'When the vendor behind it is breached nobody knows who may cut it off. Name an owner under servers in upkeep.yaml.',
    facts: z.object({ vendors: z.array(z.string()), credentials: z.int() }),
    identity: [],
  }),
  'remote-without-tls': rule({
    version: 1,
    title: 'Address without TLS',
    severity: 'high',
    help: 'Everyone on the way can read what is sent and change what comes back, credentials and tool descriptions included. Use the https address, or a tunnel.',
    facts: z.object({ host: z.string(), where: z.string(), credentials: z.array(z.string()) }),
    identity: ['host'],
  }),
  'undeclared-destination': rule({
    version: 1,
    title: 'Reaches somebody whom its declaration does not name',
    severity: 'high',
    help: 'Data of whoever uses the server may go there, and nobody decided that. Find out why it does; if it has to, name the address in its entry, else disable it.',
    facts: z.object({
      destination: z.string(),
      /** Tried in the sandbox, where nothing is in reach, or seen on this machine. */
      seen: z.enum(['sandbox', 'machine']),
      /** The request that was being answered, where that is known. */
      during: z.string().nullable(),
      pid: z.int().nullable(),
      /** When it was seen; in the sandbox the time of the test, and how long after the start. */
      at: z.string(),
      atMs: z.int().nullable(),
      times: z.int(),
    }),
    identity: ['destination'],
  }),
  'login-ends': rule({
    version: 1,
    title: 'Login to the server ends',
    severity: 'medium',
    help: 'Without a token the server is only seen from outside, and what was found inside goes stale. Log in again with upkeep login.',
    facts: z.object({ issuer: z.string(), expiresAt: z.string() }),
    identity: ['issuer'],
  }),
  'login-refresh-failed': rule({
    version: 1,
    title: 'Login to the server could not be refreshed',
    severity: 'medium',
    help: 'Either somebody revoked it, or somebody else used its refresh token first, which is how a stolen one shows. Find out which, then log in again with upkeep login.',
    facts: z.object({
      issuer: z.string(),
      expiresAt: z.string().nullable(),
      since: z.string(),
      reason: z.string(),
    }),
    identity: ['issuer'],
  }),
  'orphaned-credential': rule({
    version: 1,
    title: 'Credential of a disabled server',
    severity: 'medium',
    help: 'Nothing uses the server, and what opens it still lies there. Revoke the credential, then remove the entry.',
    facts: z.object({
      credentials: z.array(z.object({ where: z.string(), kind: z.string(), vendor: z.string().nullable() })),
    }),
    identity: [],
  }),
}
export type Rules = typeof rules
