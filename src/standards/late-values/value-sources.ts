import {
  CfnElement, CfnMapping, CfnOutput, CfnParameter, CfnResource, CfnStack, DefaultTokenResolver, IPostProcessor, IResolvable,
  IResolveContext, Reference, Stack, Tokenization,
} from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { INTRINSIC_CONCAT } from './intrinsic-concat';
import { hasWildcard, UNKNOWN } from '../../contract/iam/patterns';
import { Names, RESOLVED_INTRINSICS, texts } from '../../contract/template/intrinsics';
import { allowsWildcards, NO_WILDCARDS } from '../../contract/template/parameter-patterns';
import { intrinsicOf, isRecord, JsonRecord, section } from '../../contract/template/template-values';

/** What CloudFormation fills in with names, numbers and encodings that hold no wildcard. */
const READABLE_INTRINSICS = [...RESOLVED_INTRINSICS, 'Fn::Base64', 'Fn::Cidr', 'Fn::GetAZs', 'Fn::Length'];
const HARMLESS_PARAMETER = /^(List<)?(Number|AWS::(EC2|Route53)::[\w:]*Id)>?$/;
const PARAMETER_OF_TEXT = /^(String|CommaDelimitedList)$/;
const OUTPUT = /^Outputs\./;

/**
 * Follows values of one stack to where they come from, and notes the doubts: that a value is a text with a wildcard of IAM, or
 * comes from where nobody can know that it is not.
 */
export class ValueSources implements Names {
  public readonly doubts: Set<string>;
  private readonly followed: Set<IConstruct>;

  constructor(private readonly stack: Stack, before?: ValueSources) {
    this.doubts = before?.doubts ?? new Set();
    this.followed = before?.followed ?? new Set();
  }

  /** Follows the tokens of a text. What stands in the text itself is not looked at. */
  public followTokens(text: string): void {
    for (const token of Tokenization.reverseString(text).tokens) this.follow(token);
  }

  /** What `Ref` may stand for. */
  public readonly referenced = (id: string): undefined => this.followElement(this.tryElement(id), id);

  /** What `Fn::GetAtt` may stand for. */
  public readonly attribute = (id: string, attribute: string): undefined => this.followElement(this.tryElement(id), id, attribute);

  /** What `Fn::ImportValue` may stand for: an export of this app. */
  public readonly imported = (name: unknown): undefined => {
    const names = texts(name, this);
    const isMeant = (output: CfnOutput): boolean => texts(output.stack.resolve(output.exportName), new ValueSources(output.stack))
      .some(exported => names.includes(exported));
    const exports = this.stack.node.root.node.findAll().filter(isOutput).filter(isMeant);
    if (exports.length === 0) this.doubts.add('it is imported from another app');
    for (const output of exports) this.followOutput(output);
  };

  /** The content of a mapping. */
  public readonly mapping = (name: string): unknown => {
    const mapping = this.tryElement(name);
    if (mapping instanceof CfnMapping) return section(this.stack.resolve(mapping._toCloudFormation()), 'Mappings')[name];
    this.doubts.add(`the mapping ${name} is not in the app`);
    return undefined;
  };

  /** Follows an element of this stack or another. */
  public followElement(element: IConstruct | undefined, name: string, attribute = ''): undefined {
    if (element instanceof CfnParameter) this.once(element, () => this.followParameter(element));
    else if (element && CfnResource.isCfnResource(element)) this.followResource(element, attribute);
    else this.doubts.add(`${name} is not in the app`);
  }

  private follow(value: unknown): void {
    const resolved: unknown = Tokenization.resolve(value, { scope: this.stack, resolver: new SourceResolver(this), preparing: false });
    this.doubtUnreadable(resolved);
    const found = texts(resolved, this).filter(hasWildcard);
    for (const text of found) this.doubts.add(`it may be ${JSON.stringify(text.replaceAll(UNKNOWN, '…'))}`);
  }

  private followElsewhere(stack: Stack, value: unknown): void {
    new ValueSources(stack, this).follow(value);
  }

  private followOutput(output: CfnOutput): void {
    this.once(output, () => this.followElsewhere(output.stack, output.value));
  }

  private followResource(resource: CfnResource, attribute: string): void {
    const type = resource.cfnResourceType;
    if (type === 'AWS::SSM::Parameter' && attribute === 'Value') {
      this.once(resource, () => this.followElsewhere(resource.stack, (resource as unknown as JsonRecord).value));
    } else if (type === CfnStack.CFN_RESOURCE_TYPE_NAME && OUTPUT.test(attribute)) {
      const nested = resource.node.root.node.findAll().filter(Stack.isStack).find(stack => stack.nestedStackResource === resource);
      const output = nested && new ValueSources(nested).tryElement(attribute.replace(OUTPUT, ''));
      if (output && isOutput(output)) this.followOutput(output);
      else this.doubts.add(`the template of ${resource.node.path} is not in the app`);
    } else if (!type.startsWith('AWS::') || type === 'AWS::CloudFormation::CustomResource') {
      this.doubts.add(`the custom resource ${resource.node.path} gives it`);
    }
  }

  private followParameter(parameter: CfnParameter): void {
    const { type, allowedValues, default: preset } = parameter;
    const given = givenByParent(parameter);
    if (given) {
      this.followElsewhere(given.parent, given.value);
    } else if (PARAMETER_OF_TEXT.test(type)) {
      this.follow(allowedValues ?? preset ?? '');
      if (!allowedValues && !isGuarded(parameter)) this.doubts.add(`the parameter ${parameter.node.path} takes any text`);
    } else if (!HARMLESS_PARAMETER.test(type)) {
      this.doubts.add(`the parameter ${parameter.node.path} takes any text`);
    }
  }

  private tryElement(id: string): CfnElement | undefined {
    return this.stack.node.findAll().filter(CfnElement.isCfnElement)
      .find(element => element.stack === this.stack && this.stack.resolve(element.logicalId) === id);
  }

  private once(element: IConstruct, follow: () => void): void {
    if (this.followed.has(element)) return;
    this.followed.add(element);
    follow();
  }

  private doubtUnreadable(value: unknown): void {
    if (typeof value === 'string' && value.includes('{{resolve:')) this.doubts.add('it is read when the stack is deployed');
    if (typeof value !== 'object' || value === null) return;
    const [intrinsic] = intrinsicOf(value) ?? [];
    if (intrinsic && !READABLE_INTRINSICS.includes(intrinsic)) this.doubts.add(`${intrinsic} gives it`);
    Object.values(value).forEach(part => this.doubtUnreadable(part));
  }
}

/** Resolves to intrinsics, but follows each reference of the CDK to its source, and puts nothing known in its place. */
class SourceResolver extends DefaultTokenResolver {
  constructor(private readonly sources: ValueSources) {
    super(INTRINSIC_CONCAT);
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (!Reference.isReference(token) || !CfnElement.isCfnElement(token.target)) return super.resolveToken(token, context, postProcessor);
    this.sources.followElement(token.target, token.target.node.path, token.displayName);
    return UNKNOWN;
  }
}

/** With a default that holds none, a parameter needs no more than to stay so: then it is told to. */
function isGuarded(parameter: CfnParameter): boolean {
  if (parameter.allowedPattern === undefined && parameter.default !== undefined) parameter.allowedPattern = NO_WILDCARDS;
  return parameter.allowedPattern !== undefined && !allowsWildcards(parameter.allowedPattern);
}

function givenByParent({ stack, logicalId }: CfnParameter): { readonly parent: Stack; readonly value: unknown } | undefined {
  const nestedStack = stack.nestedStackResource as CfnStack | undefined;
  const given: unknown = nestedStack?.stack.resolve(nestedStack.parameters);
  const value = isRecord(given) ? given[String(stack.resolve(logicalId))] : undefined;
  return nestedStack && value !== undefined ? { parent: nestedStack.stack, value } : undefined;
}

function isOutput(node: IConstruct): node is CfnOutput {
  return node instanceof CfnOutput;
}
