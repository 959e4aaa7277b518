import type { HttpPort } from '@upkeep/contract/ports'
import type { ControlAttempt, ProbeSubject } from '@upkeep/contract/probe'
import { beginTrial, type Trial } from './trial.ts'

/** What a trial came to. */
export type Judgement = Pick<ControlAttempt, 'outcome' | 'detail'>

/** An attempt that is one trial: begun, judged, and finished with what it came to. */
export function withTrial(judge: (subject: ProbeSubject, trial: Trial) => Promise<Judgement>) {
  return async (subject: ProbeSubject, { http }: { http: HttpPort }): Promise<ControlAttempt> => {
    const trial = beginTrial(subject, http)
    const { outcome, detail } = await judge(subject, trial)
    return await trial.finish(outcome, detail)
  }
}
