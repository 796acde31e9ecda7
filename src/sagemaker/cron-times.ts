/** What a cron expression of AWS means: the times of a day, and the days. */
export interface CronTimes {
  /** Minutes after midnight, ascending. */
  readonly minutes: readonly number[];
  /** The days in the coming years, as `YYYY-MM-DD`, ascending. None for an expression that never comes true again. */
  readonly days: readonly string[];
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEK_DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MINUTE: Field = { name: 'minute', min: 0, max: 59 };
const HOUR: Field = { name: 'hour', min: 0, max: 23 };
const DAY: Field = { name: 'day of the month', min: 1, max: 31 };
const MONTH: Field = { name: 'month', min: 1, max: 12, names: MONTHS };
const WEEK_DAY: Field = { name: 'day of the week', min: 1, max: 7, names: WEEK_DAYS };
const YEAR: Field = { name: 'year', min: 1970, max: 2199 };
/** The 29th of February comes at least once in so many years, on any weekday but a few. */
const YEARS_AHEAD = 12;

/**
 * Reads `cron(minute hour day month weekday year)`, from a day on. What AWS would refuse is an error that says which field.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html
 */
export function cronTimes(expression: string, from: string): CronTimes {
  const fields = /^cron\(([^()]*)\)$/.exec(expression)?.[1].trim().split(/\s+/);
  if (fields?.length !== 6) throw new Error('it is not cron(minute hour day month weekday year)');
  const [minute, hour, day, month, weekDay, year] = fields;
  if ((day === '?') === (weekDay === '?')) {
    throw new Error('one of the day of the month and the day of the week is "?", and the other is not');
  }
  const minutes = valuesOf(minute, MINUTE);
  const months = valuesOf(month, MONTH);
  const firstYear = Number(from.slice(0, 4));
  const years = valuesOf(year, YEAR).filter(value => value >= firstYear).slice(0, YEARS_AHEAD);
  const isDay = weekDay === '?' ? dayOfMonth(day) : dayOfWeek(weekDay);
  return {
    minutes: valuesOf(hour, HOUR).flatMap(value => minutes.map(past => value * 60 + past)),
    days: years.flatMap(value => months.flatMap(inMonth => daysOf(value, inMonth).filter(isDay).map(iso))).filter(text => text >= from),
  };
}

type DayTest = (day: Date) => boolean;

function dayOfMonth(field: string): DayTest {
  if (field === 'L') return day => day.getUTCDate() === lastDayOf(day);
  if (field === 'LW') return day => day.getUTCDate() === nearestWeekday(day, lastDayOf(day));
  const weekday = /^(\d+)W$/.exec(field);
  if (weekday) {
    const [wanted] = valuesOf(weekday[1], DAY);
    return day => day.getUTCDate() === nearestWeekday(day, Math.min(wanted, lastDayOf(day)));
  }
  const days = valuesOf(field, DAY);
  return day => days.includes(day.getUTCDate());
}

function dayOfWeek(field: string): DayTest {
  if (field === 'L') return day => day.getUTCDay() === 6;
  const last = /^(\w+)L$/.exec(field);
  if (last) {
    const [wanted] = valuesOf(last[1], WEEK_DAY);
    return day => day.getUTCDay() + 1 === wanted && day.getUTCDate() + 7 > lastDayOf(day);
  }
  const nth = /^(\w+)#([1-5])$/.exec(field);
  if (nth) {
    const [wanted] = valuesOf(nth[1], WEEK_DAY);
    return day => day.getUTCDay() + 1 === wanted && Math.ceil(day.getUTCDate() / 7) === Number(nth[2]);
  }
  const days = valuesOf(field, WEEK_DAY);
  return day => days.includes(day.getUTCDay() + 1);
}

/** Lists, ranges and steps, as `1-5,10/2,*`. A range of weekdays or months may go past the end. */
function valuesOf(text: string, field: Field): number[] {
  const values = new Set(text.split(',').flatMap(part => partOf(part, field)));
  return [...values].sort((one, other) => one - other);
}

function partOf(part: string, field: Field): number[] {
  const { name, min, max } = field;
  const parsed = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part);
  if (!parsed || (parsed[1] === '*' && parsed[2])) throw new Error(`the ${name} cannot be "${part}"`);
  const [, first, last, stepText] = parsed;
  const step = stepText === undefined ? 1 : Number(stepText);
  if (step < 1) throw new Error(`the steps of the ${name} "${part}" are not above 0`);
  const low = first === '*' ? min : valueOf(first, field);
  const high = last === undefined ? (first === '*' || stepText !== undefined ? max : low) : valueOf(last, field);
  const size = max - min + 1;
  const count = low <= high ? high - low + 1 : high - low + 1 + size;
  if (low > high && !field.names) throw new Error(`the ${name} "${part}" ends before it begins`);
  return Array.from({ length: Math.ceil(count / step) }, (_value, index) => min + (low - min + index * step) % size);
}

function valueOf(text: string, { name, min, max, names }: Field): number {
  const named = names?.indexOf(text.toUpperCase()) ?? -1;
  const value = named >= 0 ? named + min : /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new Error(`the ${name} cannot be "${text}": it is ${min} to ${max}${names ? ` or ${names.join(', ')}` : ''}`);
}

function daysOf(year: number, month: number): Date[] {
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return Array.from({ length }, (_value, index) => new Date(Date.UTC(year, month - 1, index + 1)));
}

function lastDayOf(day: Date): number {
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
}

/** The weekday nearest to a date, in the same month. */
function nearestWeekday(day: Date, date: number): number {
  const weekDay = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), date)).getUTCDay();
  if (weekDay === 6) return date === 1 ? 3 : date - 1;
  if (weekDay === 0) return date === lastDayOf(day) ? date - 2 : date + 1;
  return date;
}

function iso(day: Date): string {
  return day.toISOString().slice(0, 10);
}
