import type { Cadence } from '@upkeep/contract/time'
import { type DayNumber, dayIn, dayNumber, monthOf, startOfDay } from './civil-date.ts'

/** A cadence in a calendar: what tells one period from the next. `zone` is `UTC` unless somebody's calendar matters. */
export interface Calendar {
  readonly cadence: Cadence
  readonly zone: string
}

/** The number of the period that a moment lies in. Periods follow the calendar: the day, the week from Monday, the month, the quarter. */
export function periodAt({ cadence, zone }: Calendar, instant: string): number {
  const day = dayIn(zone, instant)
  switch (cadence) {
    case 'daily':
      return day
    case 'weekly':
      return weekOf(day)
    case 'monthly':
      return monthNumber(day)
    case 'quarterly':
      return Math.floor(monthNumber(day) / 3)
  }
}

/** The first moment of a period. */
export function periodStart({ cadence, zone }: Calendar, period: number): string {
  return startOfDay(zone, firstDay(cadence, period))
}

function firstDay(cadence: Cadence, period: number): DayNumber {
  switch (cadence) {
    case 'daily':
      return period
    case 'weekly':
      return period * 7 - 3
    case 'monthly':
      return dayNumber(Math.floor(period / 12), (period % 12) + 1, 1)
    case 'quarterly':
      return dayNumber(Math.floor(period / 4), (period % 4) * 3 + 1, 1)
  }
}

/** 1970-01-01 was a Thursday: three days after the Monday of week 0. */
function weekOf(day: DayNumber): number {
  return Math.floor((day + 3) / 7)
}

function monthNumber(day: DayNumber): number {
  const { year, month } = monthOf(day)
  return year * 12 + month - 1
}
