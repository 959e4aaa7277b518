import type { AdoptedDuty } from './adoption.ts'
import type { Acts, Context } from './operations/context.ts'

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
    | 'store'
    | 'people'
    | 'keyring'
  > {
  serve: Acts['serve']
  mcp: Acts['mcp']
  completion: Acts['completion']
  adopted: readonly AdoptedDuty[]
}
