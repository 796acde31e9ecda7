import { posix } from 'path';
import Ajv, { ValidateFunction } from 'ajv';
import { compile, compileToJudge, contractFiles, dataFiles, errorsOf, Json, JsonObject, load, schemaFiles } from './support/contract-files';
import { Mutation, mutations } from './support/mutations';

/**
 * The keys a document may lack, as pointers: the entries of a map, and what is said only where it applies.
 * Without any other key the schema has to refuse the document.
 */
const OPTIONAL: Record<string, RegExp> = {
  'alarms.json': /^\/kinds\/[^/]+$/,
  'call-usage.json': /^\/stopReason\/(words|reasons)\/\w+(\/errorCode)?$|^\/operation\/values\/\w+$/,
  'checks.json': /^\/(incidents|advice)\/\w+$|^\/rules\/\d+\/forbiddenManagedPolicies$/,
  'client-policy.json': /^\/readTimeoutMs\/(?!default$)/,
  'error-codes.json': /^\/(codes|exceptions|systemErrors|ownErrors\/codes)\/\w+$|^\/codes\/\w+\/(alarm|retryAfterSeconds|maxRetries)$/,
  'gateway-responses.json': /^\/responses\/(?!DEFAULT_)\w+$/,
  'gpu-fit.json': /^\/models\/[^/]+$|^\/models\/[^/]+\/size\/(peakBytes|text)$/,
  'gpu-instances.json': /^\/(gpus|instances)\/[^/]+$/,
  'guardrails.json': /^\/profiles\/[^/]+$/,
  'inference-profiles.json': /^\/(geographies|profiles)\/[^/]+$/,
  'instance-prices.json': /^\/(perHour|unpriced)\/[^/]+$/,
  'library-functions.json': /^\/functions\/[^/]+$/,
  'model-lifecycle.json': /^\/models\/[^/]+(\/(successor|regions))?$/,
  'logging.json': /^\/envelopeWouldChange\/(fields|reasons)\/\w+$/,
  'metric-catalog.json': /^\/metrics\/\d+\/dimensionValues$/,
  'prices.json': /^\/regions\/[^/]+$/,
  'physical-names.json': /^\/named\/\d+\/sharesNamesWith$/,
  'redaction.json': /^\/names\/qualifiedWords\/\w+$|^\/forms\/\d+\/keeps$/,
  'runtime-environment.json': /^\/variables\/\w+$|^\/variables\/\w+\/values$|^\/logEvents\/\w+$/,
  'website.json': /^\/headers\/contentSecurityPolicy\/[a-z-]+$/,
  'token-prices.json': /^\/models\/[^/]+(\/(cacheRead|cacheWrite|notGlobalPercent))?$/,
  'vectors/api-answers.json': /^\/cases\/\d+\/(headers|noHeaders|multiValueHeaders|cookies|isBase64Encoded|change)/,
  'vectors/call-usage.json': /^\/cases\/\d+\/(headers|body|answer|events|fields\/[^/]+|headers\/[^/]+)$/,
  'vectors/converse-inputs.json': /^\/cases\/\d+\/input\/(system|.+\/cachePoint\/ttl)$/,
  'vectors/circuit-decisions.json': /^\/cases\/\d+\/steps\/\d+\/(decision|primary)$/,
  'vectors/error-chains.json': /^\/cases\/\d+\/chain\/\d+\/code$/,
  'vectors/failure-kinds.json': /^\/cases\/\d+\/failure\/answer\/(status|originalStatus|clockCorrected)$/,
  'vectors/log-lines.json': /^\/cases\/\d+\/(message|event|fields|request|environment|trace|fields\/.+|request\/gateway|environment\/\w+)$/,
  'vectors/metric-calls.json': /^\/cases\/\d+\/(calls|sizes|room|refused)$|^\/cases\/\d+\/emitted\/\d+\/dimensionSets\/\d+\/\w+$/,
  'vectors/metric-blobs.json': /^\/environment\/\w+$|^\/cases\/\d+\/(event|migrations|teamMetrics|data\/\d+\/dimensions\/\w+)$/,
  'vectors/model-references.json': /^\/cases\/\d+\/read(\/(geography|location))?$/,
  'vectors/model-routes.json': /^\/cases\/\d+\/called$/,
  'vectors/prompt-reads.json': /^\/cases\/\d+\/item/,
  'vectors/prompts.json': /^\/cases\/\d+\/(values|sent|promptHash)$|^\/(cases|refused)\/\d+\/(content|variables|values)\/\w+$/,
  'vectors/signed-statements.json': /^\/cases\/\d+\/statement\/(?!kind$)/,
  'vectors/terminal-frames.json': /^\/cases\/\d+\/ending\/(partial$|data\/)/,
  'vectors/service-tiers.json': /^\/cases\/\d+\/(tier|(input|sent)\/serviceTier)$/,
  'vectors/retry-decisions.json': /^\/cases\/\d+\/calls\/\d+\/(times|afterMs|mayReroute|fellBack)$/,
  'vectors/retry-delays.json': /^\/cases\/\d+\/hintMs$/,
  'sagemaker-models.json': new RegExp([
    String.raw`^/containerAccounts/byRegion/[^/]+$`, String.raw`^/servers/byName/\w+/variables/inputTokens$`,
    String.raw`^/models/[^/]+(/environment/\w+)?$`,
  ].join('|')),
};

/** Values that may be anything. */
const FREE: Record<string, RegExp> = {
  'vectors/api-answers.json': /^\/cases\/\d+\/(returned|body\/data)/,
  'vectors/call-usage.json': /^\/cases\/\d+\/(body|answer|events)/,
  'vectors/converse-inputs.json': new RegExp([
    String.raw`^/(cases|refused)/\d+/content/(parameters|tools|guardrail|responseSchema|cachePoints)`,
    String.raw`^/cases/\d+/input/(\w+Config|additionalModelRequestFields)`,
  ].join('|')),
  'vectors/error-chains.json': /^\/cases\/\d+\/thrown/,
  'vectors/error-mapping.json': /^\/cases\/\d+\/thrown/,
  'vectors/log-lines.json': /^\/cases\/\d+\/(message|fields)/,
  'vectors/metric-blobs.json': /^\/cases\/\d+\/data\/\d+\/value/,
  'vectors/model-references.json': /^\/cases\/\d+\/given/,
  'vectors/prompt-reads.json': /^\/cases\/\d+\/item/,
  'vectors/prompts.json': /^\/(cases|refused)\/\d+\/content\/(parameters|tools|guardrail|responseSchema|cachePoints)/,
  'vectors/redaction.json': /^\/cases\/\d+\/(value|black)/,
  'vectors/signed-statements.json': /^\/cases\/\d+\/statement/,
  'vectors/service-tiers.json': /^\/cases\/\d+\/(input|sent)\/serviceTier$/,
  'vectors/terminal-frames.json': /^\/cases\/\d+\/ending\/data/,
};

const schemaOf = (file: string): string => posix.join(posix.dirname(file), String(load(file).$schema));
const filesWithSchema = (): string[] => dataFiles().filter(file => contractFiles().includes(schemaOf(file)));

describe('contract files', () => {
  test.each(dataFiles())('%s names a schema that exists', file => {
    expect(contractFiles()).toContain(schemaOf(file));
  });

  test.each(filesWithSchema())('%s conforms to its schema', file => {
    expect(errorsOf(compile(load(schemaOf(file))), load(file))).toEqual([]);
  });

  test('every schema under schemas/ is the schema of a file', () => {
    const used = new Set(dataFiles().map(schemaOf));
    expect(schemaFiles().filter(file => file.startsWith('schemas/') && !used.has(file))).toEqual([]);
  });
});

describe('schemas', () => {
  test.each(schemaFiles())('%s conforms to the metaschema of draft 07', file => {
    const schema = load(file);
    const ajv = new Ajv();
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    expect([ajv.validateSchema(schema), ajv.errors]).toEqual([true, null]);
  });

  test.each(schemaFiles())('%s carries its own path as $id', file => {
    expect(load(file).$id).toBe(`https://cdk-plumbline/contract/${file}`);
  });

  test.each(schemaFiles())('%s leaves no object open', file => {
    expect(openObjects(load(file))).toEqual([]);
  });
});

describe.each(filesWithSchema())('the schema of %s refuses', file => {
  const all = once(() => acceptedBy(compileToJudge(load(schemaOf(file))), file));
  const accepted = (kind: Mutation['kind']): string[] => all().filter(mutation => mutation.kind === kind).map(({ pointer }) => pointer);

  test('a value of another type, anywhere', () => {
    expect(accepted('wrong type')).toEqual([]);
  });

  test('an unknown key, anywhere', () => {
    expect(accepted('unknown key')).toEqual([]);
  });

  test('a missing key, unless it is listed as optional', () => {
    const optional = OPTIONAL[file];
    expect(accepted('removed').filter(pointer => !optional?.test(pointer))).toEqual([]);
  });
});

function acceptedBy(validate: ValidateFunction, file: string): Pick<Mutation, 'kind' | 'pointer'>[] {
  const accepted: Pick<Mutation, 'kind' | 'pointer'>[] = [];
  for (const { kind, pointer, document } of mutations(load(file))) {
    if (!FREE[file]?.test(pointer) && validate(document)) accepted.push({ kind, pointer });
  }
  return accepted;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Pointers to the object schemas that say nothing of further keys. */
function openObjects(schema: Json, pointer = ''): string[] {
  if (schema === null || typeof schema !== 'object') return [];
  const open = (schema as JsonObject).type === 'object' && !Array.isArray(schema) && !('additionalProperties' in schema);
  return [
    ...(open && !onlyNarrows(pointer) ? [pointer] : []),
    ...Object.entries(schema).flatMap(([key, inner]) => openObjects(inner, `${pointer}/${key}`)),
  ];
}

/** A branch of `oneOf` inside an object that is closed already only narrows it. */
function onlyNarrows(pointer: string): boolean {
  return /\/oneOf\/\d+\/properties\/\w+$/.test(pointer);
}
