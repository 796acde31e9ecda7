import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * A text as the template holds it now, each reference shown by what it names: `<Bucket.Arn>/training/*`.
 *
 * cdk-nag writes the ids of its findings in this way.
 */
export function resolvedText(scope: IConstruct, text: string): string {
  return shown(Stack.of(scope).resolve(text));
}

/** A JSON value with each of its texts as `resolvedText` gives it. */
export function resolvedTexts(scope: IConstruct, value: unknown): unknown {
  return textsIn(Stack.of(scope).resolve(value));
}

function textsIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(textsIn);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && /^(Ref|Fn::\w+)$/.test(entries[0][0])) return shown(value);
  return Object.fromEntries(entries.map(([key, inner]) => [key, textsIn(inner)]));
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value.replace(/\$\{/g, '<').replace(/\}/g, '>');
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const [[intrinsic, argument]] = Object.entries(value as Record<string, unknown>);
  switch (intrinsic) {
    case 'Fn::Join': {
      const [delimiter, parts] = argument as [string, unknown];
      return Array.isArray(parts) ? parts.map(shown).join(delimiter) : JSON.stringify(value);
    }
    case 'Fn::GetAtt': return `<${(argument as unknown[]).map(shown).join('.')}>`;
    case 'Fn::Sub':
    case 'Fn::ImportValue': return shown(argument);
    case 'Ref': return `<${String(argument)}>`;
    default: return JSON.stringify(value);
  }
}
