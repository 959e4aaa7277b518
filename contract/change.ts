import { z } from 'zod'
import { AddServer } from './changes/add-server.ts'
import { ConfineServer } from './changes/confine-server.ts'
import { CutOffIntegration } from './changes/cut-off-integration.ts'
import { DenyServer } from './changes/deny-server.ts'
import { DisableServer } from './changes/disable-server.ts'
import { MoveSecret } from './changes/move-secret.ts'
import { RemoveServer } from './changes/remove-server.ts'
import { RestoreClientConfig } from './changes/restore-client-config.ts'
import { RestorePackageTree } from './changes/restore-package-tree.ts'
import { RotateCredential } from './changes/rotate-credential.ts'
import { SetCalendar } from './changes/set-calendar.ts'
import { SetClientPermission } from './changes/set-client-permission.ts'
import { SetFileMode } from './changes/set-file-mode.ts'
import { SetImageDigest } from './changes/set-image-digest.ts'
import { SetServerArgs } from './changes/set-server-args.ts'
import { SetServerVersion } from './changes/set-server-version.ts'

/** The input of every kind of change that can be proposed. */
export const ChangeInput = z.discriminatedUnion('kind', [
  SetServerVersion,
  SetFileMode,
  SetServerArgs,
  AddServer,
  RemoveServer,
  DisableServer,
  SetClientPermission,
  MoveSecret,
  SetImageDigest,
  DenyServer,
  RotateCredential,
  CutOffIntegration,
  RestorePackageTree,
  ConfineServer,
  RestoreClientConfig,
  SetCalendar,
])
export type ChangeInput = z.infer<typeof ChangeInput>
export type ChangeKind = ChangeInput['kind']
export type ChangeOf<Kind extends ChangeKind> = Extract<ChangeInput, { kind: Kind }>
