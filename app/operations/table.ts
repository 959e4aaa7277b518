import { accept } from './accept.ts'
import { api } from './api.ts'
import { approve } from './approve.ts'
import { attest } from './attest.ts'
import { baselineAccept } from './baseline-accept.ts'
import { baselineShow } from './baseline-show.ts'
import { changes } from './changes.ts'
import { checkpointExport } from './checkpoint-export.ts'
import { completion } from './completion.ts'
import { confine } from './confine.ts'
import { conformance } from './conformance.ts'
import { contractCheck } from './contract-check.ts'
import { contractList } from './contract-list.ts'
import { contractPublish, contractShow } from './contract-publish.ts'
import { daemon } from './daemon.ts'
import { doctor } from './doctor.ts'
import { duties } from './duties.ts'
import { emergency } from './emergency.ts'
import { enforce } from './enforce.ts'
import { evidenceExport } from './evidence-export.ts'
import { exportOcsf } from './export-ocsf.ts'
import { feedsExport } from './feeds-export.ts'
import { feedsImport } from './feeds-import.ts'
import { feedsList } from './feeds-list.ts'
import { figures } from './figures.ts'
import { findings } from './findings.ts'
import { fix } from './fix.ts'
import { freezeRemove } from './freeze-remove.ts'
import { freezeSet } from './freeze-set.ts'
import { goldenRecord } from './golden-record.ts'
import { importLock } from './import-lock.ts'
import { importResults } from './import-results.ts'
import { inbox } from './inbox.ts'
import { init } from './init.ts'
import { integrations } from './integrations.ts'
import { keep } from './keep.ts'
import { keys } from './keys.ts'
import { login } from './login.ts'
import { logout } from './logout.ts'
import { mayUseServer } from './may-use.ts'
import { mcp } from './mcp.ts'
import { notices } from './notices.ts'
import { notifyChannels } from './notify-channels.ts'
import { notifyLog } from './notify-log.ts'
import { notifyTest } from './notify-test.ts'
import type { AnyOperation } from './operation.ts'
import { profile } from './profile.ts'
import { proof } from './proof.ts'
import { prove } from './prove.ts'
import { resultsList } from './results-list.ts'
import { resultsRemove } from './results-remove.ts'
import { rollout } from './rollout.ts'
import { runs } from './runs.ts'
import { sbom } from './sbom.ts'
import { scan, upkeep } from './scan.ts'
import { scheduleOff, scheduleOn } from './schedule.ts'
import { serve } from './serve.ts'
import { servers } from './servers.ts'
import { show } from './show.ts'
import { signIns } from './sign-ins.ts'
import { status } from './status.ts'
import { statusPage } from './status-page.ts'
import { surface } from './surface.ts'
import { tickets } from './tickets.ts'
import { ticketsSync } from './tickets-sync.ts'
import { tokenList } from './token-list.ts'
import { tokenNew } from './token-new.ts'
import { tokenRevoke } from './token-revoke.ts'
import { trends } from './trends.ts'
import { undo } from './undo.ts'
import { verify } from './verify.ts'
import { vet } from './vet.ts'
import { vex } from './vex.ts'
import { whatChanged } from './what-changed.ts'
import { whoHasOperation } from './who-has.ts'
import { windowRemove } from './window-remove.ts'
import { windowSet } from './window-set.ts'
import { windowTimes } from './window-times.ts'
import { windows } from './windows.ts'

/** Everything that a user can do, in the order of the help. Every door is derived from this list. */
export const operations: readonly AnyOperation[] = [
  upkeep,
  scan,
  status,
  figures,
  findings,
  accept,
  servers,
  integrations,
  api,
  conformance,
  login,
  logout,
  whoHasOperation,
  mayUseServer,
  notices,
  contractPublish,
  contractShow,
  contractCheck,
  contractList,
  whatChanged,
  prove,
  fix,
  undo,
  confine,
  changes,
  approve,
  emergency,
  windows,
  windowTimes,
  windowSet,
  windowRemove,
  freezeSet,
  freezeRemove,
  rollout,
  surface,
  goldenRecord,
  vet,
  verify,
  doctor,
  inbox,
  duties,
  runs,
  trends,
  baselineShow,
  baselineAccept,
  attest,
  show,
  proof,
  feedsList,
  feedsImport,
  feedsExport,
  evidenceExport,
  checkpointExport,
  keep,
  keys,
  sbom,
  vex,
  exportOcsf,
  importLock,
  enforce,
  importResults,
  resultsList,
  resultsRemove,
  profile,
  statusPage,
  notifyChannels,
  notifyLog,
  notifyTest,
  tickets,
  ticketsSync,
  tokenNew,
  tokenList,
  signIns,
  tokenRevoke,
  init,
  scheduleOn,
  scheduleOff,
  daemon,
  serve,
  mcp,
  completion,
]
