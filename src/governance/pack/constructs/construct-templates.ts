import { CfnElement, CfnMapping, CfnOutput, CfnParameter, CfnResource, Reference, Stack, Stage, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { assetOf } from './assets';
import { Template, TemplateResource } from '../template/template';
import { isRecord, JsonRecord } from '../template/template-values';

/** The templates of an app that stands as constructs, and the resource of each construct. */
export interface ConstructTemplates {
  readonly templates: Template[];
  readonly resourceOf: ReadonlyMap<CfnResource, TemplateResource>;
}

/** The templates as the app would be synthesised now, overrides included. What no check asks for is not resolved. */
export function constructTemplates(root: IConstruct): ConstructTemplates {
  const elements = new Map<Stack, CfnElement[]>();
  for (const node of root.node.findAll().filter(CfnElement.isCfnElement)) {
    const known = elements.get(node.stack);
    if (known) known.push(node);
    else elements.set(node.stack, [node]);
  }
  const resourceOf = new Map<CfnResource, TemplateResource>();
  const templates = [...elements].map(([stack, own]) => templateOf(stack, own, resourceOf));
  return { templates, resourceOf };
}

function templateOf(stack: Stack, elements: CfnElement[], resourceOf: Map<CfnResource, TemplateResource>): Template {
  const section = (name: string, type: new (...args: never[]) => CfnElement): JsonRecord =>
    Object.assign({}, ...elements.filter(element => element instanceof type).map(element => sectionOf(element, name))) as JsonRecord;
  const template: Template = {
    name: stack.node.path,
    stage: Stage.of(stack)?.node.path ?? '',
    parameters: section('Parameters', CfnParameter),
    mappings: section('Mappings', CfnMapping),
    outputs: section('Outputs', CfnOutput),
    resources: [],
    get nestedIn() {
      return stack.nestedStackResource && resourceOf.get(stack.nestedStackResource);
    },
  };
  const resources = elements.filter(CfnResource.isCfnResource).map(construct => {
    const resource = resourceFrom(construct, template, resourceOf);
    resourceOf.set(construct, resource);
    return resource;
  });
  return Object.assign(template, { resources });
}

function resourceFrom(construct: CfnResource, template: Template, resourceOf: ReadonlyMap<CfnResource, TemplateResource>): TemplateResource {
  let properties: JsonRecord | undefined;
  const propertiesNow = (): JsonRecord => properties ??= propertiesOf(construct);
  return {
    id: String(construct.stack.resolve(construct.logicalId)),
    type: construct.cfnResourceType,
    template,
    get properties() {
      return propertiesNow();
    },
    origin: {
      get asset() {
        return assetOf(construct, propertiesNow());
      },
      referenced: property => {
        const target = referencedBy(construct, property);
        return target && resourceOf.get(target);
      },
    },
  };
}

/** What a property referred to before references were turned into exports, imports and parameters; undefined where the construct does not show it. */
function referencedBy(construct: CfnResource, property: string): CfnResource | undefined {
  const raw = (construct as unknown as JsonRecord)[property[0].toLowerCase() + property.slice(1)];
  if (typeof raw !== 'string') return undefined;
  const targets = Tokenization.reverseString(raw).tokens.flatMap(token => Reference.isReference(token) ? [token.target] : []);
  return targets.find((target): target is CfnResource => CfnResource.isCfnResource(target));
}

function propertiesOf(construct: CfnResource): JsonRecord {
  const [definition] = Object.values(sectionOf(construct, 'Resources'));
  return isRecord(definition) && isRecord(definition.Properties) ? definition.Properties : {};
}

function sectionOf(element: CfnElement, name: string): JsonRecord {
  const template: unknown = element.stack.resolve(element._toCloudFormation());
  return isRecord(template) && isRecord(template[name]) ? template[name] : {};
}
