import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { BedrockPermissions } from './bedrock-permissions';
import { PermissionHolder, requirePermissionGrants } from './permission-grants';
import { warn } from '../../standards/warnings';

/** Reads permissions once more when the template is made: lazy values are there then, and are checked as if they had been written out. */
export function requireLatePermissions(scope: IConstruct, permissions: BedrockPermissions, holder: PermissionHolder): void {
  scope.node.addValidation({
    validate: () => {
      const late: string[] = [];
      const known = withLateTexts(permissions, text => {
        const resolved: unknown = Stack.of(scope).resolve(text);
        if (typeof resolved !== 'string') return text;
        late.push(resolved);
        return resolved;
      });
      if (late.length === 0) return [];
      try {
        for (const warning of requirePermissionGrants(scope, known, holder).warnings) warn(scope, warning);
        return [];
      } catch (fault) {
        return [(fault as Error).message];
      }
    },
  });
}

/**
 * A copy with each token that is a text replaced. Constructs, principals and all else that has a class of its own stay: some of
 * these hold themselves.
 */
function withLateTexts<T>(value: T, replaced: (token: string) => string): T {
  if (typeof value === 'string') return (Token.isUnresolved(value) ? replaced(value) : value) as T;
  if (Array.isArray(value)) return value.map((part: unknown) => withLateTexts(part, replaced)) as T;
  if (!isStruct(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withLateTexts(part as unknown, replaced)])) as T;
}

function isStruct(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
