/** Any duty can be held as `AnyDuty`: the engine's catalogue must accept what `defineDuty` returns. */
import type { AnyCollector, AnyDuty, AnyProbe, Collector, Duty, Probe } from '@upkeep/contract'

export const duty = (declared: Duty): AnyDuty => declared
export const collector = (declared: Collector): AnyCollector => declared
export const probe = (declared: Probe): AnyProbe => declared
