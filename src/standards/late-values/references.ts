import {
  DefaultTokenResolver, IPostProcessor, IResolvable, IResolveContext, Reference, Stack, StringConcat, Tokenization,
} from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** The constructs that a value refers to, in this stack or another; none for a literal, or for what is imported. */
export function referencesIn(scope: IConstruct, value: unknown): IConstruct[] {
  const collector = new ReferenceCollector(new StringConcat());
  Tokenization.resolve(value, { scope: Stack.of(scope), resolver: collector, preparing: false });
  return collector.targets;
}

export { resolvedProperties } from '../resolved-properties';

class ReferenceCollector extends DefaultTokenResolver {
  public readonly targets: IConstruct[] = [];

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (Reference.isReference(token)) this.targets.push(token.target);
    return super.resolveToken(token, context, postProcessor);
  }
}
