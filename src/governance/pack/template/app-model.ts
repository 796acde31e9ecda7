import { Template, TemplateResource } from './template';
import { UNKNOWN } from '../../../contract/iam/patterns';
import { items, Names, texts } from '../../../contract/template/intrinsics';
import {
  argumentsOfSub, attributeOf, intrinsicOf, isRecord, partsOfSub, referenceOfName,
} from '../../../contract/template/template-values';

const NESTED_OUTPUT = /^Outputs\./;

interface Exported {
  readonly template: Template;
  readonly value: unknown;
}

/** The templates of an app, and what their references lead to: in the template, through exports and imports, into nested stacks. */
export class AppModel {
  private readonly byType = new Map<string, TemplateResource[]>();
  private readonly byId = new Map<string, TemplateResource[]>();
  private readonly names = new Map<Template, Names>();
  private readonly computed = new Map<object, Map<string, unknown>>();
  private readonly beingResolved = new Set<string>();

  constructor(private readonly templates: readonly Template[]) {
    for (const resource of templates.flatMap(template => template.resources)) {
      push(this.byType, resource.type, resource);
      push(this.byId, resource.id, resource);
    }
  }

  /** All resources of one CloudFormation type. */
  public resources(type: string): readonly TemplateResource[] {
    return this.byType.get(type) ?? [];
  }

  /** The texts that a value in the template of `resource` may become, lists taken apart. `UNKNOWN`: known only at deployment. */
  public texts(resource: TemplateResource, value: unknown): string[] {
    return texts(value, this.namesIn(resource.template));
  }

  /** The parts that a list or value in the template of `resource` may hold; their own parts stay as they are written. */
  public items(resource: TemplateResource, value: unknown): unknown[] {
    return items(value, this.namesIn(resource.template));
  }

  /** The resources that a property refers to. */
  public referenced(resource: TemplateResource, property: string): TemplateResource[] {
    const linked = resource.origin?.referenced(property);
    return linked ? [linked] : this.targets(resource, resource.properties[property]);
  }

  /** The resources that a value in the template of `resource` may refer to; none for a literal, or for what lies outside the app. */
  public targets(resource: TemplateResource, value: unknown): TemplateResource[] {
    return this.targetsIn(resource.template, value);
  }

  /** What `compute` says of a subject; it runs once. */
  public once<T>(what: string, subject: object, compute: () => T): T {
    const known = this.computed.get(subject) ?? new Map<string, unknown>();
    this.computed.set(subject, known);
    if (!known.has(what)) known.set(what, compute());
    return known.get(what) as T;
  }

  private namesIn(template: Template): Names {
    const known = this.names.get(template);
    if (known) return known;
    const names: Names = {
      referenced: id => this.guarded(template, `Ref ${id}`, () => this.parameterValues(template, id)),
      attribute: (id, attribute) => this.guarded(template, `${id}.${attribute}`, () => this.attribute(template, id, attribute)),
      imported: name => this.guarded(template, JSON.stringify(name), () => this.imported(template, name)),
      mapping: name => template.mappings[name],
    };
    this.names.set(template, names);
    return names;
  }

  /** A template may name itself in a circle: CloudFormation refuses it, and so must nobody wait for it here. */
  private guarded<T>(template: Template, what: string, resolve: () => T): T | undefined {
    const key = `${template.name} ${what}`;
    if (this.beingResolved.has(key)) return undefined;
    this.beingResolved.add(key);
    try {
      return resolve();
    } finally {
      this.beingResolved.delete(key);
    }
  }

  /** What the parent gives to a parameter of a nested stack; else its default and the values it allows. */
  private parameterValues(template: Template, id: string): unknown[] | undefined {
    const owner = this.ownerOfParameter(template, id);
    const parameter = owner?.parameters[id];
    if (!owner || !isRecord(parameter)) return undefined;
    const type = String(parameter.Type);
    if (type.startsWith('AWS::SSM::Parameter::Value')) return undefined;
    const given = this.givenTo(owner, id);
    const values = given ? this.texts(given.parent, given.value) : literals([parameter.Default, parameter.AllowedValues]);
    if (values.length === 0) return undefined;
    const isList = type === 'CommaDelimitedList' || type.startsWith('List<');
    return isList ? values.map(value => value.split(',').map(part => part.trim())) : values;
  }

  private givenTo({ nestedIn }: Template, id: string): { readonly parent: TemplateResource; readonly value: unknown } | undefined {
    const given = nestedIn?.properties.Parameters;
    return nestedIn && isRecord(given) && given[id] !== undefined ? { parent: nestedIn, value: given[id] } : undefined;
  }

  private attribute(template: Template, id: string, attribute: string): unknown[] | undefined {
    const resource = this.resource(template, id);
    if (!resource) return undefined;
    if (NESTED_OUTPUT.test(attribute)) {
      return this.fromOutput(resource, attribute, output => texts(output.value, this.namesIn(output.template)));
    }
    if (resource.type === 'AWS::SSM::Parameter' && attribute === 'Value') return this.texts(resource, resource.properties.Value);
    return attribute === 'Arn' ? arnOf(resource.type) : undefined;
  }

  private imported(template: Template, name: unknown): unknown[] | undefined {
    const values = this.exportsNamed(template, name).flatMap(({ template: from, value }) => texts(value, this.namesIn(from)));
    return values.length > 0 ? values : undefined;
  }

  private exportsNamed(template: Template, name: unknown): Exported[] {
    const all = this.once('exports', this, () => this.allExports());
    return texts(name, this.namesIn(template)).flatMap(text => all.get(text) ?? []);
  }

  private allExports(): Map<string, Exported[]> {
    const found = new Map<string, Exported[]>();
    for (const template of this.templates) {
      for (const output of Object.values(template.outputs).filter(isRecord)) {
        if (!isRecord(output.Export)) continue;
        for (const name of texts(output.Export.Name, this.namesIn(template))) push(found, name, { template, value: output.Value });
      }
    }
    return found;
  }

  private fromOutput<T>(nestedStack: TemplateResource, attribute: string, read: (output: Exported) => T[]): T[] | undefined {
    const nestedStacks = this.once('nested stacks', this, () => new Map(this.templates.map(template => [template.nestedIn, template])));
    const nested = nestedStacks.get(nestedStack);
    const output = nested?.outputs[attribute.replace(NESTED_OUTPUT, '')];
    return nested && isRecord(output) ? read({ template: nested, value: output.Value }) : undefined;
  }

  private targetsIn(template: Template, value: unknown): TemplateResource[] {
    const [intrinsic, argument] = intrinsicOf(value) ?? [];
    const list = Array.isArray(argument) ? argument as unknown[] : [argument];
    const onward = (next: unknown): TemplateResource[] => this.targetsIn(template, next);
    switch (intrinsic) {
      case 'Ref': return this.targetsOfRef(template, String(argument));
      case 'Fn::GetAtt': return this.targetsOfAttribute(template, ...attributeOf(argument));
      case 'Fn::If': return list.slice(1).flatMap(onward);
      case 'Fn::Join': return Array.isArray(list[1]) ? onward(list[1].at(-1)) : [];
      case 'Fn::Select':
      case 'Fn::Split': return onward(list[1]);
      case 'Fn::Sub': return onward(lastReference(argument));
      case 'Fn::ImportValue': return this.exportsNamed(template, argument).flatMap(found => this.targetsIn(found.template, found.value));
      default: return Array.isArray(value) ? (value as unknown[]).flatMap(onward) : [];
    }
  }

  private targetsOfRef(template: Template, id: string): TemplateResource[] {
    const resource = this.resource(template, id);
    if (resource) return [resource];
    const given = this.givenTo(template, id);
    return given ? this.targets(given.parent, given.value) : [];
  }

  private targetsOfAttribute(template: Template, id: string, attribute: string): TemplateResource[] {
    const resource = this.resource(template, id);
    if (!resource) return [];
    if (!NESTED_OUTPUT.test(attribute)) return [resource];
    return this.fromOutput(resource, attribute, ({ template: nested, value }) => this.targetsIn(nested, value)) ?? [];
  }

  /** Before an app is synthesised, a reference into another stack names that stack's logical id. */
  private resource(template: Template, id: string): TemplateResource | undefined {
    const candidates = this.byId.get(id) ?? [];
    const own = candidates.find(resource => resource.template === template);
    return own ?? (candidates.length === 1 && !(id in template.parameters) ? candidates[0] : undefined);
  }

  private ownerOfParameter(template: Template, id: string): Template | undefined {
    if (id in template.parameters) return template;
    const owners = this.once('owners of parameters', this, () => this.ownersOfParameters()).get(id) ?? [];
    return owners.length === 1 ? owners[0] : undefined;
  }

  private ownersOfParameters(): Map<string, Template[]> {
    const found = new Map<string, Template[]>();
    for (const template of this.templates) for (const id of Object.keys(template.parameters)) push(found, id, template);
    return found;
  }
}

/** The ARN of a resource that is neither a model nor an endpoint, as far as its type tells: no wildcard on it reaches a model. */
function arnOf(type: string): string[] | undefined {
  const [, service] = /^AWS::(\w+)::/.exec(type) ?? [];
  if (!service || /^(Bedrock|SageMaker|CloudFormation)/.test(service)) return undefined;
  return [`arn:${UNKNOWN}:${service.toLowerCase()}:${UNKNOWN}`];
}

/** `arn:…:role/${Name}`: an ARN that ends with a name. */
function lastReference(argument: unknown): unknown {
  const [template, variables] = argumentsOfSub(argument);
  const last = partsOfSub(template).filter(part => !('literal' in part) || part.literal !== '').at(-1);
  return last && 'name' in last ? referenceOfName(last.name, variables) : undefined;
}

function literals(values: unknown[]): string[] {
  return values.flat().filter(value => ['string', 'number', 'boolean'].includes(typeof value)).map(String);
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
