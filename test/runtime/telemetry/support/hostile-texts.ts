import { REDACTION_VECTORS } from './redaction-vectors';

export const KB = 1024;

/** Texts of about this length that are as hard as texts can be. */
export function hostileTexts(length: number): [what: string, text: string][] {
  const { hostileParts, nested } = REDACTION_VECTORS;
  return [
    ...hostileParts.map((part): [string, string] => [JSON.stringify(part), repeated(part, length)]),
    ...['.', '-', '+', '_', '/', ''].map((joint): [string, string] => [
      `words joined by "${joint}" with one "key" in it`, `key ${repeated(`a${joint}`, length)}`,
    ]),
    ...nested.map(({ opening, closing }): [string, string] => [
      `${opening} within one another`, repeated(opening, length / 2) + repeated(closing, length / 2),
    ]),
    ['everything in turn', repeated(hostileParts.join(''), length)],
  ];
}

function repeated(part: string, length: number): string {
  return part.repeat(Math.ceil(length / part.length));
}
