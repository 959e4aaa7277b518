import { z } from 'zod'
import { SetFileMode } from './changes/set-file-mode.ts'
import { SetServerVersion } from './changes/set-server-version.ts'

/** The input of every kind of change that can be proposed. */
export const ChangeInput = z.discriminatedUnion('kind', [SetServerVersion, SetFileMode])
export type ChangeInput = z.infer<typeof ChangeInput>
export type ChangeKind = ChangeInput['kind']
export type ChangeOf<Kind extends ChangeKind> = Extract<ChangeInput, { kind: Kind }>
