/** How often, as a person chooses it. `rule` is what no other choice says. */
export type Recurrence =
  | { every: 'day' }
  | { every: 'week'; days: readonly Weekday[] }
  | { every: 'month'; nth: Nth; day: Weekday }
  | { every: 'rule'; rule: string }

export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const
export type Weekday = (typeof weekdays)[number]
export const nths = ['1', '2', '3', '4', '-1'] as const
export type Nth = (typeof nths)[number]

export const weekdayNames: Readonly<Record<Weekday, string>> = {
  MO: 'Monday',
  TU: 'Tuesday',
  WE: 'Wednesday',
  TH: 'Thursday',
  FR: 'Friday',
  SA: 'Saturday',
  SU: 'Sunday',
}
export const nthNames: Readonly<Record<Nth, string>> = {
  1: 'first',
  2: 'second',
  3: 'third',
  4: 'fourth',
  '-1': 'last',
}

/** The rule of a choice (RFC 5545); null where it is not whole yet. */
export function ruleOf(recurrence: Recurrence): string | null {
  switch (recurrence.every) {
    case 'day':
      return 'FREQ=DAILY'
    case 'week': {
      const days = weekdays.filter((day) => recurrence.days.includes(day))
      return days.length === 0 ? null : `FREQ=WEEKLY;BYDAY=${days.join(',')}`
    }
    case 'month':
      return `FREQ=MONTHLY;BYDAY=${recurrence.nth}${recurrence.day}`
    case 'rule':
      return recurrence.rule.trim() === '' ? null : recurrence.rule.trim()
  }
}

/** The choice that says a rule; the rule itself where none does. */
export function recurrenceOf(rule: string): Recurrence {
  if (rule === 'FREQ=DAILY') return { every: 'day' }
  const [, list] = /^FREQ=WEEKLY;BYDAY=([A-Z,]+)$/.exec(rule) ?? []
  const days = list?.split(',')
  if (days?.every(isWeekday)) return { every: 'week', days }
  const [, nth, day] = /^FREQ=MONTHLY;BYDAY=(-1|[1-4])([A-Z]{2})$/.exec(rule) ?? []
  if (isNth(nth) && day !== undefined && isWeekday(day)) return { every: 'month', nth, day }
  return { every: 'rule', rule }
}

function isWeekday(text: string): text is Weekday {
  return (weekdays as readonly string[]).includes(text)
}

function isNth(text: string | undefined): text is Nth {
  return text !== undefined && (nths as readonly string[]).includes(text)
}

/** A rule in words: "every Sunday", "every first Monday of the month"; the rule itself where none fit. */
export function recurrenceWords(rule: string): string {
  const recurrence = recurrenceOf(rule)
  switch (recurrence.every) {
    case 'day':
      return 'every day'
    case 'week':
      return `every ${recurrence.days.map((day) => weekdayNames[day]).join(', ')}`
    case 'month':
      return `every ${nthNames[recurrence.nth]} ${weekdayNames[recurrence.day]} of the month`
    case 'rule':
      return `by the rule ${recurrence.rule}`
  }
}

/** `PT1H30M` from whole hours and minutes; null for none or a day and more. */
export function durationOf(hours: number, minutes: number): string | null {
  const total = hours * 60 + minutes
  if (!Number.isInteger(total) || total < 1 || total >= 1_440) return null
  const [h, m] = [Math.floor(total / 60), total % 60]
  return `PT${h > 0 ? `${h}H` : ''}${m > 0 ? `${m}M` : ''}`
}

/** Hours and minutes of a duration such as `PT1H30M`. */
export function hoursAndMinutes(duration: string): { hours: number; minutes: number } {
  const [, hours, minutes] = /^PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(duration) ?? []
  return { hours: Number(hours ?? 0), minutes: Number(minutes ?? 0) }
}

/** How long in words: "2 h", "1 h 30 min". */
export function durationWords(duration: string): string {
  const { hours, minutes } = hoursAndMinutes(duration)
  return [hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : ''].filter((one) => one !== '').join(' ')
}
