import { readFileSync } from 'fs';
import { join } from 'path';
import { ResponseType } from 'aws-cdk-lib/aws-apigateway';
import { dataFiles, load } from './support/contract-files';
import alarms from '../../contract/alarms.json';
import bedrockRole from '../../contract/bedrock-role.json';
import checks from '../../contract/checks.json';
import clientPolicy from '../../contract/client-policy.json';
import envelope from '../../contract/envelope.schema.json';
import errorCodes from '../../contract/error-codes.json';
import gatewayResponses from '../../contract/gateway-responses.json';
import gpuFit from '../../contract/gpu-fit.json';
import gpuInstances from '../../contract/gpu-instances.json';
import iamProbe from '../../contract/iam-probe.json';
import instancePrices from '../../contract/instance-prices.json';
import logging from '../../contract/logging.json';
import metricCatalog from '../../contract/metric-catalog.json';
import promptRecord from '../../contract/prompt-record.schema.json';
import promptRegistry from '../../contract/prompt-registry.json';
import runtimeEnvironment from '../../contract/runtime-environment.json';
import sageMakerModels from '../../contract/sagemaker-models.json';
import apiAnswers from '../../contract/vectors/api-answers.json';
import circuitDecisions from '../../contract/vectors/circuit-decisions.json';
import errorMapping from '../../contract/vectors/error-mapping.json';
import failureKinds from '../../contract/vectors/failure-kinds.json';
import metricCalls from '../../contract/vectors/metric-calls.json';
import modelReferences from '../../contract/vectors/model-references.json';
import modelRoutes from '../../contract/vectors/model-routes.json';
import retryDecisions from '../../contract/vectors/retry-decisions.json';
import retryDelays from '../../contract/vectors/retry-delays.json';
import { Envelope, HandlerKind, IamProbe } from '../../src';
import { ALARM_KINDS, errorAlarmKind, incidentOf, runbookLink } from '../../src/contract/alarm-kind';
import * as typedContract from '../../src/contract/data';

const codes = Object.keys(errorCodes.codes);
const { metrics } = metricCatalog;

/** What stands more than once in the list. */
const repeated = (values: string[]): string[] => values.filter((value, index) => values.indexOf(value) !== index);

describe('prompts', () => {
  test('a file and a record take the same ids and versions', () => {
    expect([promptRegistry.idPattern, promptRegistry.versionPattern])
      .toEqual([promptRecord.properties.prompt_id.pattern, promptRecord.properties.version.pattern]);
  });
});

describe('error codes', () => {
  const envelopeError = envelope.properties.error.oneOf[1];

  test('the envelope takes exactly the codes of the table', () => {
    expect([...envelopeError.properties!.code.enum].sort()).toEqual([...codes].sort());
  });

  test.each(Object.entries({ ...errorCodes.exceptions, ...errorCodes.systemErrors }))(
    '%s becomes a code of the table',
    (_exception, code) => {
      expect(codes).toContain(code);
    },
  );

  test.each(['CONTEXT_TOO_LARGE', 'CONTENT_POLICY_VIOLATION', errorCodes.fallbackCode])('%s is a code of the table', code => {
    expect(codes).toContain(code);
  });

  test.each([
    ['CONTEXT_TOO_LARGE', errorCodes.contextTooLarge],
    ['CONTENT_POLICY_VIOLATION', errorCodes.contentPolicy],
  ])('what may mean %s has a code for when it does not', (_code, { exceptions }) => {
    expect(exceptions.filter(name => !(name in errorCodes.exceptions))).toEqual([]);
  });

  test('what a handler answers with by itself has a code of the table, and that of its status where only one has it', () => {
    const { codes: own, otherClientErrors } = errorCodes.ownErrors;
    expect([...Object.values(own), otherClientErrors].filter(code => !codes.includes(code))).toEqual([]);
    const table = Object.entries(errorCodes.codes).filter(([, { httpStatus }]) => httpStatus < 500);
    const alone = table.filter(([, one]) => table.filter(([, other]) => other.httpStatus === one.httpStatus).length === 1);
    const ofStatus = (status: number) => (own as Record<string, string>)[status] ?? otherClientErrors;
    // 422 is what web frameworks answer to input that is not valid.
    const others = alone.filter(([code, { httpStatus }]) => ofStatus(httpStatus) !== code).map(([code]) => code);
    expect(others).toEqual(['CONTENT_POLICY_VIOLATION']);
    const gateway = Object.values(gatewayResponses.responses).filter(({ code, statusCode }: { code: string; statusCode?: number }) =>
      statusCode !== undefined && statusCode < 500 && ofStatus(statusCode) !== code);
    expect(gateway).toEqual([]);
  });

  test('a code that asks to wait or to retry is retryable', () => {
    const asking = Object.entries(errorCodes.codes).filter(([, code]) => 'retryAfterSeconds' in code || 'maxRetries' in code);
    expect(asking.length).toBeGreaterThan(0);
    expect(asking.filter(([, code]) => !code.retryable)).toEqual([]);
  });
});

describe('gateway responses', () => {
  test('every response type that the CDK knows has an answer, and no other', () => {
    const known = Object.values(ResponseType).filter((value): value is ResponseType => value instanceof ResponseType);
    expect(Object.keys(gatewayResponses.responses).sort()).toEqual(known.map(type => type.responseType).sort());
  });

  test.each(Object.entries(gatewayResponses.responses))('%s answers with a code of the table', (_type, response) => {
    expect(codes).toContain(response.code);
  });
});

describe('metric catalogue', () => {
  const dimensions = new Set([...metrics.flatMap(metric => metric.dimensions), clientPolicy.telemetry.versionDimension]);

  test.each(metrics)('$id: the constant is the id in upper snake case', metric => {
    expect(metric.constant).toBe(metric.id.replace(/(?!^)([A-Z])/g, '_$1').toUpperCase());
  });

  test.each(metrics)('$id: roll-ups use known dimensions only', metric => {
    expect(metric.rollups.flat().filter(name => !dimensions.has(name))).toEqual([]);
  });

  test.each(metrics)('$id: no dimension set is emitted twice', metric => {
    expect(repeated([metric.dimensions, ...metric.rollups].map(set => [...set].sort().join()))).toEqual([]);
  });

  test.each(metrics)('$id: closed sets of values are those of its own dimensions', metric => {
    expect(Object.keys(metric.dimensionValues ?? {}).filter(name => !metric.dimensions.includes(name))).toEqual([]);
  });

  test.each(metrics.filter(metric => metric.zeroIsFault))(
    '$id: a missing-metric alarm finds its set, by service and by product',
    metric => {
      expect([metric.dimensions, ...metric.rollups]).toEqual(expect.arrayContaining([['service_name', 'environment'], ['environment']]));
    },
  );

  test('ids, constants and full names are unique', () => {
    expect(repeated(metrics.map(metric => metric.id))).toEqual([]);
    expect(repeated(metrics.map(metric => metric.constant))).toEqual([]);
    expect(repeated(metrics.map(metric => `${metric.area}/${metric.name}`))).toEqual([]);
  });

  test('there are as many mandatory metrics as the presence gate waits for', () => {
    const mandatory = metrics.filter(metric => metric.tier === 'mandatory');
    expect(mandatory.length).toBeGreaterThanOrEqual(metricCatalog.presenceGate.metricsSeen);
    expect(mandatory.length).toBeGreaterThanOrEqual(metricCatalog.mandatoryAlarmsPerWorkload);
  });
});

describe('alarms', () => {
  test('each error code with a threshold has a kind, and no other code has', () => {
    const withThreshold = Object.entries(errorCodes.codes).filter(([, rule]) => 'alarm' in rule).map(([code]) => `ErrorCount-${code}`);
    expect(ALARM_KINDS.filter(kind => kind.startsWith('ErrorCount-')).sort()).toEqual(withThreshold.sort());
    expect(() => errorAlarmKind('NOT_FOUND')).toThrow(/no alarm of the kind ErrorCount-NOT_FOUND, only .*ErrorCount-THROTTLE/);
  });

  test.each(ALARM_KINDS)('the runbook link of %s leads to its heading of the page', kind => {
    const page = readFileSync(join(__dirname, '../../docs/alarms.md'), 'utf8');
    const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading.toLowerCase());
    const [address, heading] = runbookLink(alarms.runbook, kind).split('#');
    expect([address, headings.filter(candidate => candidate === heading)]).toEqual([alarms.runbook, [heading]]);
    expect(incidentOf(kind)).toMatch(/^[A-Z].*[.]$/);
    expect(page).toContain(`**Incident.** ${incidentOf(kind)}\n`);
  });

  test.each([
    ['https://wiki/runbooks', 'https://wiki/runbooks#errorcount-throttle'],
    ['https://wiki/{kind}?of={kind}', 'https://wiki/ErrorCount-THROTTLE?of=ErrorCount-THROTTLE'],
    ['https://wiki/page#alarms', 'https://wiki/page#alarms'],
  ])('a runbook %s is linked as %s', (url, link) => {
    expect(runbookLink(url, 'ErrorCount-THROTTLE')).toBe(link);
  });
});

describe('checks', () => {
  test('no rule has the name of another', () => {
    expect(repeated(checks.rules.map(({ name }) => name))).toEqual([]);
  });

  test.each(checks.rules)('$name prevents incidents of the list', ({ incidents }) => {
    expect(incidents.filter(incident => !(incident in checks.incidents))).toEqual([]);
  });
});

describe('client policy', () => {
  const fallbackMetric = metrics.find(metric => metric.id === clientPolicy.fallback.metricId);

  test('the metric of a fallback is in the catalogue, with its reasons', () => {
    expect(fallbackMetric?.dimensionValues?.reason).toEqual(clientPolicy.fallback.reasons);
  });

  test('the fallback is another Region, and an attempt is left for it', () => {
    expect(clientPolicy.regions.fallback).not.toBe(clientPolicy.regions.primary);
    expect(clientPolicy.regions.failuresBeforeFallback).toBeLessThan(clientPolicy.maxAttempts);
  });

  test('no call waits shorter for its answer than for its connection', () => {
    expect(Math.min(...Object.values(clientPolicy.readTimeoutMs))).toBeGreaterThan(clientPolicy.connectTimeoutMs);
  });
});

describe('runtime environment', () => {
  const variables = Object.values(runtimeEnvironment.variables);

  test('every variable carries the prefix, and none stands twice', () => {
    expect(variables.filter(variable => !variable.name.startsWith(runtimeEnvironment.prefix))).toEqual([]);
    expect(repeated(variables.map(variable => variable.name))).toEqual([]);
  });

  test('kinds, probes and envelopes are those of the constructs', () => {
    expect(runtimeEnvironment.variables.envelope.values).toEqual(Object.values(Envelope));
    expect(runtimeEnvironment.variables.kind.values).toEqual(Object.values(HandlerKind));
    expect(runtimeEnvironment.variables.probe.values).toEqual(Object.values(IamProbe));
  });

  test('the probe logs its failure under the event of the role', () => {
    expect(runtimeEnvironment.logEvents.iamValidationFailed).toBe(iamProbe.failureEvent);
  });

  test('what the envelope would change is counted by the reasons of its log line', () => {
    const { metricId, reasons, unchanged } = logging.envelopeWouldChange;
    const metric = metrics.find(({ id }) => id === metricId);
    expect(metric?.dimensionValues?.reason).toEqual([unchanged, ...Object.keys(reasons)]);
    expect(metric?.tier).toBe('adoption');
  });

  test('no log event stands twice', () => {
    expect(repeated(Object.values(runtimeEnvironment.logEvents))).toEqual([]);
  });
});

describe('vectors', () => {
  test.each([
    ['api-answers', apiAnswers.cases],
    ['circuit-decisions', circuitDecisions.cases],
    ['error-mapping', errorMapping.cases],
    ['failure-kinds', failureKinds.cases],
    ['metric-calls', metricCalls.cases],
    ['model-references', modelReferences.cases],
    ['model-routes', modelRoutes.cases],
    ['retry-decisions', retryDecisions.cases],
    ['retry-delays', retryDelays.cases],
  ])('no case of %s has the name of another', (_file, cases) => {
    expect(repeated(cases.map(({ name }) => name))).toEqual([]);
  });

  test('every code is one of the table, and every code of an exception is tried', () => {
    const tried = errorMapping.cases.map(({ code }) => code);
    expect(tried.filter(code => !codes.includes(code))).toEqual([]);
    expect(Object.values(errorCodes.exceptions).filter(code => !tried.includes(code))).toEqual([]);
  });

  test('an error envelope says of its code what the table says', () => {
    const table: Record<string, { retryable: boolean }> = errorCodes.codes;
    const errors = apiAnswers.cases.flatMap(({ body }) => body?.error ?? []);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.filter(({ code, retryable }) => table[code]?.retryable !== retryable)).toEqual([]);
  });

  test('each reason for a change of an HTTP answer is tried, and no other', () => {
    const tried = new Set(apiAnswers.cases.flatMap(({ change }) => change?.reason ?? []));
    const { thrown: _thrown, not_http: _notHttp, last_frame: _lastFrame, ...ofAnswers } = logging.envelopeWouldChange.reasons;
    expect([...tried].sort()).toEqual(Object.keys(ofAnswers).sort());
  });
});

describe('Bedrock role', () => {
  test('the probe asks for the action that the health check is granted', () => {
    expect(iamProbe.actions).toEqual(expect.arrayContaining(bedrockRole.statements.healthCheck.actions));
  });
});

describe('prompt registry', () => {
  const roles: string[] = promptRecord.properties.approvals.items.properties.role.enum;

  test('records know the tracks', () => {
    expect(promptRecord.properties.track.enum).toEqual(Object.keys(promptRegistry.tracks));
  });

  test('who reviews is a role of the record', () => {
    const { standard, expedited } = promptRegistry.tracks;
    const reviewers = [...standard.reviewers, ...expedited.reviewers, promptRegistry.contentPolicyChangeNeeds];
    expect(reviewers.filter(role => !roles.includes(role))).toEqual([]);
  });
});

describe('SageMaker models', () => {
  test.each(Object.entries(sageMakerModels.models))('%s runs on instances whose GPU is known', (_id, model) => {
    expect(model.instanceTypes.filter(type => !(type in gpuInstances.instances))).toEqual([]);
  });

  test.each(Object.entries(gpuInstances.instances))('%s has a GPU that is known', (_type, { gpu }) => {
    expect(Object.keys(gpuInstances.gpus)).toContain(gpu);
  });

  test.each(Object.entries(gpuInstances.gpus))('of the %s less is usable than there is', (_gpu, { memoryMiB, usableGiB }) => {
    expect(usableGiB / (memoryMiB / 1024)).toBeGreaterThan(0.88);
    expect(usableGiB / (memoryMiB / 1024)).toBeLessThan(1);
  });

  test('each instance type has a price, or a reason why it has none', () => {
    const told = [instancePrices.perHour, instancePrices.unpriced].flatMap(types => Object.keys(types));
    expect(repeated(told)).toEqual([]);
    expect(told.sort()).toEqual(Object.keys(gpuInstances.instances).sort());
  });

  test('no id has two sizes', () => {
    expect(repeated(Object.values(gpuFit.models).flatMap(({ ids }) => ids))).toEqual([]);
  });

  test.each(gpuFit.publishedRuns)('what is published of $model on $gpus × $gpu is of a known model and GPU', ({ model, gpu }) => {
    expect(Object.keys(gpuFit.models)).toContain(model);
    expect(Object.keys(gpuInstances.gpus)).toContain(gpu);
  });
});

describe('typed contract', () => {
  test.each(dataFiles().filter(file => !file.includes('/')))('the constructs see %s as it is', file => {
    const { $schema: _schema, ...data } = load(file);
    const constant = file.replace(/\.json$/, '').replace(/-/g, '_').toUpperCase();
    expect(typedContract).toHaveProperty(constant, data);
  });
});
