import { CfnElement, CfnOutput, CfnParameter, CfnResource, Reference, Stack, Stage, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { isRecord, JsonRecord } from './template-values';

/**
 * The resources of an app as they stand in its templates, overrides included, and what their references lead to: in the
 * same stack, through exports and imports, and into nested stacks.
 */
export class AppModel {
  private readonly elements = new Map<string, CfnElement[]>();
  private readonly byType = new Map<string, CfnResource[]>();
  private readonly properties = new Map<CfnResource, JsonRecord>();
  private exports?: Map<string, CfnOutput>;

  constructor(private readonly root: IConstruct) {
    for (const node of root.node.findAll()) if (CfnElement.isCfnElement(node)) this.add(node);
  }

  /** The resources of one CloudFormation type that stand in the same stage as `node`. */
  public resourcesBeside(node: IConstruct, type: string): CfnResource[] {
    const stage = Stage.of(node);
    return this.resources(type).filter(resource => Stage.of(resource) === stage);
  }

  /** All resources of one CloudFormation type. */
  public resources(type: string): CfnResource[] {
    return this.byType.get(type) ?? [];
  }

  /** The properties of a resource as they stand in its template. */
  public propertiesOf(resource: CfnResource): JsonRecord {
    const known = this.properties.get(resource);
    if (known) return known;
    const properties = templateProperties(resource);
    this.properties.set(resource, properties);
    return properties;
  }

  /** A property before references were turned into exports, imports and parameters; undefined where the construct does not show it. */
  public referencedBy(resource: CfnResource, property: string): CfnResource | undefined {
    const raw = (resource as unknown as JsonRecord)[property];
    if (typeof raw !== 'string') return undefined;
    const targets = Tokenization.reverseString(raw).tokens.flatMap(token => (Reference.isReference(token) ? [token.target] : []));
    return targets.find((target): target is CfnResource => CfnResource.isCfnResource(target));
  }

  /** What a value in the template of `stack` refers to; undefined for a literal, or for what lies outside the app. */
  public target(stack: Stack, value: unknown): CfnResource | undefined {
    if (!isRecord(value)) return undefined;
    if ('Fn::Join' in value) return this.targetOfJoin(stack, value['Fn::Join']);
    if ('Fn::ImportValue' in value) return this.targetOfImport(value['Fn::ImportValue']);
    const id = referencedId(value);
    const element = id === undefined ? undefined : this.element(stack, id);
    if (element instanceof CfnParameter) return this.targetOfParameter(stack, element);
    return CfnResource.isCfnResource(element) ? element : undefined;
  }

  /** The parameter that a `Ref` in the template of `stack` names. */
  public parameter(stack: Stack, id: string): CfnParameter | undefined {
    const element = this.element(stack, id);
    return element instanceof CfnParameter ? element : undefined;
  }

  private add(element: CfnElement): void {
    const id = logicalIdOf(element);
    this.elements.set(id, [...this.elements.get(id) ?? [], element]);
    if (!CfnResource.isCfnResource(element)) return;
    this.byType.set(element.cfnResourceType, [...this.byType.get(element.cfnResourceType) ?? [], element]);
  }

  /** Before an app is synthesised, a reference into another stack names that stack's logical id. */
  private element(stack: Stack, id: string): CfnElement | undefined {
    const candidates = this.elements.get(id) ?? [];
    return candidates.find(element => element.stack === stack) ?? (candidates.length === 1 ? candidates[0] : undefined);
  }

  /** `arn:…:role/<Ref>`: an ARN made of a name. */
  private targetOfJoin(stack: Stack, join: unknown): CfnResource | undefined {
    const [, parts] = join as [string, unknown];
    return Array.isArray(parts) ? this.target(stack, parts.at(-1)) : undefined;
  }

  private targetOfImport(name: unknown): CfnResource | undefined {
    this.exports ??= this.exportedOutputs();
    const output = this.exports.get(JSON.stringify(name));
    return output && this.target(output.stack, output.stack.resolve(output.value));
  }

  private exportedOutputs(): Map<string, CfnOutput> {
    const outputs = this.root.node
      .findAll()
      .filter((node): node is CfnOutput => node instanceof CfnOutput && node.exportName !== undefined);
    return new Map(outputs.map(output => [JSON.stringify(output.stack.resolve(output.exportName)), output]));
  }

  private targetOfParameter(stack: Stack, parameter: CfnParameter): CfnResource | undefined {
    const nested = stack.nestedStackResource;
    if (!nested) return undefined;
    const given = this.propertiesOf(nested).Parameters;
    return isRecord(given) ? this.target(nested.stack, given[logicalIdOf(parameter)]) : undefined;
  }
}

function logicalIdOf(element: CfnElement): string {
  return String(element.stack.resolve(element.logicalId));
}

function templateProperties(resource: CfnResource): JsonRecord {
  const template: unknown = resource.stack.resolve(resource._toCloudFormation());
  const resources = isRecord(template) && isRecord(template.Resources) ? Object.values(template.Resources) : [];
  const [definition] = resources;
  return isRecord(definition) && isRecord(definition.Properties) ? definition.Properties : {};
}

function referencedId(value: JsonRecord): string | undefined {
  if (typeof value.Ref === 'string') return value.Ref;
  const attribute = value['Fn::GetAtt'];
  if (Array.isArray(attribute)) return String(attribute[0]);
  return typeof attribute === 'string' ? attribute.split('.')[0] : undefined;
}
