import { isRecord, JsonRecord, section } from '../../../contract/template/template-values';

/** One CloudFormation template of an app. */
export interface Template {
  /** Its name in the app: a stack's path, or a file's. */
  readonly name: string;
  /** Templates of one stage are deployed together, and see each other's alarms. */
  readonly stage: string;
  readonly parameters: JsonRecord;
  readonly mappings: JsonRecord;
  readonly outputs: JsonRecord;
  readonly resources: readonly TemplateResource[];
  /** The resource that deploys this template as a nested stack. */
  readonly nestedIn?: TemplateResource;
}

/** One resource, as it stands in its template. */
export interface TemplateResource {
  /** Its logical id. */
  readonly id: string;
  /** Its CloudFormation type. */
  readonly type: string;
  readonly template: Template;
  readonly properties: JsonRecord;
  /** What only those know who see more than the template. */
  readonly origin?: ResourceOrigin;
}

/** Where a resource comes from. */
export interface ResourceOrigin {
  readonly asset?: Asset;
  /** The resource that a property named before references between stacks became exports and parameters. */
  readonly referenced: (property: string) => TemplateResource | undefined;
}

/** The files of a function or a layer. */
export interface Asset {
  /** Whose they are, when they are a part of the CDK or of this library. */
  readonly of?: 'cdk' | 'plumbline';
  /** Whether there is a file or a folder with this path among them. */
  readonly holds: (path: string) => boolean;
  /** The scripts among them, without those of packages, as far as it is worth reading them. */
  readonly scripts: () => Iterable<string>;
}

/** A template as a file holds it. */
export interface TemplateFile {
  readonly name: string;
  readonly stage?: string;
  readonly content: unknown;
  /** For a nested stack: the file that deploys it, and the logical id there. */
  readonly nestedIn?: { readonly file: string; readonly id: string };
}

/** Templates from files: no construct is needed. */
export function templatesOfFiles(files: readonly TemplateFile[]): Template[] {
  const templates = new Map<string, Template>();
  for (const file of files) templates.set(file.name, templateOfFile(file, templates));
  return [...templates.values()];
}

function templateOfFile({ name, stage = '', content, nestedIn }: TemplateFile, all: Map<string, Template>): Template {
  const template: Template = {
    name,
    stage,
    parameters: section(content, 'Parameters'),
    mappings: section(content, 'Mappings'),
    outputs: section(content, 'Outputs'),
    resources: [],
    get nestedIn() {
      return nestedIn && all.get(nestedIn.file)?.resources.find(({ id }) => id === nestedIn.id);
    },
  };
  const shared = section(section(content, 'Globals'), 'Function');
  const resources = Object.entries(section(content, 'Resources')).map(([id, definition]): TemplateResource => {
    const type = isRecord(definition) ? String(definition.Type) : '';
    const properties = section(definition, 'Properties');
    return { id, type, template, properties: type === 'AWS::Serverless::Function' ? merged(shared, properties) : properties };
  });
  return Object.assign(template, { resources });
}

/** How SAM gives its `Globals` to a function: maps and lists are put together, all else is the function's own first. */
function merged(shared: JsonRecord, own: JsonRecord): JsonRecord {
  const result: JsonRecord = { ...shared, ...own };
  for (const key of Object.keys(shared).filter(name => name in own)) {
    const [one, other] = [shared[key], own[key]];
    if (isRecord(one) && isRecord(other)) result[key] = merged(one, other);
    if (Array.isArray(one) && Array.isArray(other)) result[key] = [...one, ...other] as unknown[];
  }
  return result;
}
