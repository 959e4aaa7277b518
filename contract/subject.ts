import { z } from 'zod'

/** What an observation, a verdict or a finding is about. `id` is stable across runs; `name` is what a person calls it. */
export const Subject = z.strictObject({
  kind: z.enum(['server', 'file', 'person', 'fleet']),
  id: z.string().min(1),
  name: z.string(),
})
export type Subject = z.infer<typeof Subject>

/** The one subject that stands for everything under care in this installation. */
export const fleet: Subject = { kind: 'fleet', id: 'fleet', name: 'fleet' }

/** A server's id: which client, which file, which entry. The same command under two names is two servers. */
export function serverSubject(client: string, path: string, name: string): Subject {
  return { kind: 'server', id: `server:${client}:${path}#${name}`, name }
}

/** A configuration file's id is its absolute path. */
export function fileSubject(path: string): Subject {
  return { kind: 'file', id: `file:${path}`, name: path.split(/[\\/]/).at(-1) ?? path }
}

/** A person's id is the one that `upkeep.yaml` gives. */
export function personSubject(id: string, name: string): Subject {
  return { kind: 'person', id: `person:${id}`, name }
}
