import { readFileSync } from 'fs';
import { join } from 'path';
import { CfnElement, CfnMapping, CfnOutput, CfnParameter, CfnResource, Reference, Stack, Stage, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { assetOf } from './assets';
import { StackElements } from './stack-elements';
import { isRecord, JsonRecord, section } from '../../../contract/template/template-values';
import { Asset, Template, TemplateResource } from '../template/template';

/** The templates of an app that stands as constructs. */
export interface ConstructTemplates {
  readonly templates: Template[];
  readonly stackOf: (template: Template) => Stack;
  /** The construct that a resource comes from; its stack for a resource without one. */
  readonly constructOf: (resource: TemplateResource) => IConstruct;
}

/** A resource of a stack, before it is a part of its template. */
interface FoundResource {
  readonly id: string;
  readonly type: string;
  readonly properties: () => JsonRecord;
}

/** How the templates of an app are read. */
interface Reading {
  readonly section: (stack: StackElements, name: 'Parameters' | 'Mappings' | 'Outputs') => JsonRecord;
  readonly resources: (stack: StackElements) => FoundResource[];
}

const SECTION_CLASSES = { Parameters: CfnParameter, Mappings: CfnMapping, Outputs: CfnOutput };

/** The templates as the app would be synthesised now, overrides included. What no check asks for is not resolved. */
export function constructTemplates(root: IConstruct): ConstructTemplates {
  return templatesOf(root, {
    section: ({ elements }, name) => Object.assign({}, ...elements
      .filter(element => element instanceof SECTION_CLASSES[name])
      .map(element => section(resolved(element), name))) as JsonRecord,
    resources: stack => stack.elements.filter(CfnResource.isCfnResource).map(construct => ({
      id: stack.idOf(construct),
      type: construct.cfnResourceType,
      properties: () => section(Object.values(section(resolved(construct), 'Resources'))[0], 'Properties'),
    })),
  });
}

/** The templates that the synthesis of the app has written: to read them is far quicker than to resolve everything again. */
export function writtenTemplates(root: IConstruct): ConstructTemplates {
  const contents = new Map<StackElements, unknown>();
  const contentOf = (elements: StackElements): unknown => {
    if (!contents.has(elements)) contents.set(elements, writtenContent(elements.stack));
    return contents.get(elements);
  };
  return templatesOf(root, {
    section: (stack, name) => section(contentOf(stack), name),
    resources: stack => Object.entries(section(contentOf(stack), 'Resources')).map(([id, definition]) => ({
      id,
      type: isRecord(definition) ? String(definition.Type) : '',
      properties: () => section(definition, 'Properties'),
    })),
  });
}

function writtenContent(stack: Stack): unknown {
  return JSON.parse(readFileSync(join(Stage.of(stack)!.outdir, stack.templateFile), 'utf8'));
}

function templatesOf(root: IConstruct, reading: Reading): ConstructTemplates {
  const stacks = StackElements.below(root);
  const templateOf = new Map<Stack, Template>();
  const elementsOf = new Map<Template, StackElements>();
  const resourceOf = (construct: CfnResource): TemplateResource | undefined => {
    const template = templateOf.get(construct.stack);
    const id = template && elementsOf.get(template)!.idOf(construct);
    return template?.resources.find(resource => resource.id === id);
  };
  for (const elements of stacks) {
    const template = readTemplate(elements, reading, resourceOf);
    templateOf.set(elements.stack, template);
    elementsOf.set(template, elements);
  }
  return {
    templates: [...templateOf.values()],
    stackOf: template => elementsOf.get(template)!.stack,
    constructOf: ({ template, id, type }) => {
      const elements = elementsOf.get(template)!;
      return elements.construct(id, type) ?? elements.stack;
    },
  };
}

type ResourceOf = (construct: CfnResource) => TemplateResource | undefined;

function readTemplate(elements: StackElements, reading: Reading, resourceOf: ResourceOf): Template {
  const { stack } = elements;
  const template: Template = {
    name: stack.node.path,
    stage: Stage.of(stack)?.node.path ?? '',
    parameters: reading.section(elements, 'Parameters'),
    mappings: reading.section(elements, 'Mappings'),
    outputs: reading.section(elements, 'Outputs'),
    resources: [],
    get nestedIn() {
      return stack.nestedStackResource && resourceOf(stack.nestedStackResource as CfnResource);
    },
  };
  const resources = reading.resources(elements)
    .map(found => resourceFrom(found, template, () => elements.construct(found.id, found.type), resourceOf));
  return Object.assign(template, { resources });
}

function resourceFrom(found: FoundResource, template: Template, construct: () => CfnResource | undefined, resourceOf: ResourceOf,
): TemplateResource {
  let properties: JsonRecord | undefined;
  const propertiesNow = (): JsonRecord => properties ??= found.properties();
  let asset: { readonly found?: Asset } | undefined;
  return {
    id: found.id,
    type: found.type,
    template,
    get properties() {
      return propertiesNow();
    },
    origin: {
      get asset() {
        const source = construct();
        return (asset ??= { found: source && assetOf(source, propertiesNow()) }).found;
      },
      referenced: property => {
        const source = construct();
        const target = source && referencedBy(source, property);
        return target && resourceOf(target);
      },
    },
  };
}

/** What a property referred to before it became an import or a parameter; undefined where the construct does not show it. */
function referencedBy(construct: CfnResource, property: string): CfnResource | undefined {
  const raw = (construct as unknown as JsonRecord)[property[0].toLowerCase() + property.slice(1)];
  if (typeof raw !== 'string') return undefined;
  const targets = Tokenization.reverseString(raw).tokens.flatMap(token => Reference.isReference(token) ? [token.target] : []);
  return targets.find((target): target is CfnResource => CfnResource.isCfnResource(target));
}

function resolved(element: CfnElement): unknown {
  return element.stack.resolve(element._toCloudFormation());
}
