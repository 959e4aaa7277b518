/** Any duty can be held as `AnyDuty`: the engine's catalogue must accept what `defineDuty` returns. */
import type { AnyCollector, AnyDuty, AnyProbe, Collector, Probe } from '@upkeep/contract'
import { sound } from './duty.types.ts'

export const duty: AnyDuty = sound
export const collector = (declared: Collector): AnyCollector => declared
export const probe = (declared: Probe): AnyProbe => declared
