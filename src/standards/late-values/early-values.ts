import {
  CfnElement, DefaultTokenResolver, Intrinsic, IPostProcessor, IResolvable, IResolveContext, Reference, Stack, Token, Tokenization,
} from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { INTRINSIC_CONCAT } from './intrinsic-concat';

/**
 * A value as far as it is known before the template is made; what is not stands as a `Ref`.
 *
 * `Stack.resolve` is wrong then: it gives resources of two stacks one name where their logical ids are the same, and a lazy value
 * would for ever keep what it says now. So a resource is named by its path here, and a lazy value by its token.
 */
export function knownEarly(scope: IConstruct, value: unknown): unknown {
  return Tokenization.resolve(value, { scope: Stack.of(scope), resolver: new EarlyResolver(INTRINSIC_CONCAT), preparing: false });
}

/** A value as JSON by which it can be compared with others before the template is made. */
export function comparable(scope: IConstruct, value: unknown): string {
  return JSON.stringify(knownEarly(scope, value));
}

class EarlyResolver extends DefaultTokenResolver {
  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (Reference.isReference(token) && CfnElement.isCfnElement(token.target)) {
      return { Ref: `${token.target.node.path}.${token.displayName}` };
    }
    return token instanceof Intrinsic ? super.resolveToken(token, context, postProcessor) : { Ref: Token.asString(token) };
  }
}
