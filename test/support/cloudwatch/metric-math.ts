import { parseExpression, type ParseResult } from '@babel/parser';

type Value = number | undefined;
type Term = ReturnType<typeof parseExpression> extends ParseResult<infer Parsed> ? Parsed : never;

/**
 * The value of a metric math expression in one period, by the values of what it names; undefined where it has none. What of metric math
 * is also an expression of JavaScript is read as one.
 *
 * Errors: a function or an operator that is not modelled.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function mathValue(expression: string, valueOf: (id: string) => Value): Value {
  return evaluated(parseExpression(expression), valueOf);
}

/** A point is missing where an operand is, and where the divisor is zero. */
const OPERATORS: Readonly<Record<string, (left: number, right: number) => Value>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => (right === 0 ? undefined : left / right),
  '>': (left, right) => Number(left > right),
  '>=': (left, right) => Number(left >= right),
  '<': (left, right) => Number(left < right),
  '<=': (left, right) => Number(left <= right),
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
};

const FUNCTIONS: Readonly<Record<string, (terms: readonly Value[]) => Value>> = {
  IF: ([condition, yes, no]) => (condition === undefined ? undefined : condition !== 0 ? yes : no),
  FILL: ([value, filling]) => value ?? filling,
  ABS: ([value]) => (value === undefined ? undefined : Math.abs(value)),
};

function evaluated(term: Term, valueOf: (id: string) => Value): Value {
  if (term.type === 'NumericLiteral') return term.value;
  if (term.type === 'Identifier') return valueOf(term.name);
  if (term.type === 'UnaryExpression' && term.operator === '-') return OPERATORS['-'](0, evaluated(term.argument, valueOf) ?? NaN);
  if (term.type === 'BinaryExpression' && Object.hasOwn(OPERATORS, term.operator)) {
    const [left, right] = [term.left as Term, term.right].map(side => evaluated(side, valueOf));
    return left === undefined || right === undefined ? undefined : OPERATORS[term.operator](left, right);
  }
  if (term.type === 'CallExpression' && term.callee.type === 'Identifier' && Object.hasOwn(FUNCTIONS, term.callee.name)) {
    return FUNCTIONS[term.callee.name](term.arguments.map(argument => evaluated(argument as Term, valueOf)));
  }
  throw new Error(`${term.type} is not modelled of metric math`);
}
