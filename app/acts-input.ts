import type { AdoptedDuty } from './adoption.ts'
import type { Context } from './operations/context.ts'

/** What the acts are made of. */
export interface ActsInput
  extends Pick<
    Context,
    | 'clock'
    | 'catalog'
    | 'upkeepFile'
    | 'upkeepFilePath'
    | 'places'
    | 'stateDir'
    | 'practice'
    | 'machine'
    | 'signal'
    | 'progress'
    | 'tell'
    | 'version'
    | 'store'
    | 'people'
    | 'keyring'
  > {
  /** `upkeep.yaml` as it was named, if it was. */
  configPath: string | undefined
  adopted: readonly AdoptedDuty[]
}
