import bedrockRole from '../../contract/bedrock-role.json';
import checks from '../../contract/checks.json';
import clientPolicy from '../../contract/client-policy.json';
import errorCodes from '../../contract/error-codes.json';
import gpuInstances from '../../contract/gpu-instances.json';
import iamLimits from '../../contract/iam-limits.json';
import iamProbe from '../../contract/iam-probe.json';
import inferenceProfiles from '../../contract/inference-profiles.json';
import logging from '../../contract/logging.json';
import metricCatalog from '../../contract/metric-catalog.json';
import physicalNames from '../../contract/physical-names.json';
import promptRecord from '../../contract/prompt-record.schema.json';
import promptRegistry from '../../contract/prompt-registry.json';
import restApi from '../../contract/rest-api.json';
import sageMakerModels from '../../contract/sagemaker-models.json';

/*
 * The requirements once more, written down by hand. A number stands in the contract and nowhere else; but a test that reads
 * both sides from the contract cannot fail, so this is the second and last place.
 */
const SECOND = 1000;

describe('Bedrock client policy', () => {
  const { readTimeoutMs, regions, fallback, rollout } = clientPolicy;

  test.each([
    ['connect timeout', clientPolicy.connectTimeoutMs, 2 * SECOND],
    ['read timeout of synthesis', readTimeoutMs.synthesis, 60 * SECOND],
    ['read timeout of classification', readTimeoutMs.classification, 15 * SECOND],
    ['read timeout of embedding', readTimeoutMs.embedding, 10 * SECOND],
    ['read timeout of embedding_batch', readTimeoutMs.embedding_batch, 90 * SECOND],
    ['read timeout of any other task', readTimeoutMs.default, 60 * SECOND],
    ['attempts in all', clientPolicy.maxAttempts, 3],
    ['retry mode', clientPolicy.retryMode, 'adaptive'],
    ['primary Region', regions.primary, 'us-east-1'],
    ['fallback Region', regions.fallback, 'us-west-2'],
    ['failed attempts before the fallback', regions.failuresBeforeFallback, 2],
    ['steady-state overhead', clientPolicy.maxOverheadMs, 5],
    ['dimension that tells a call of the factory', clientPolicy.telemetry.versionDimension, 'bedrock_client_version'],
    ['fallback log event', fallback.logEvent, 'bedrock_cross_region_fallback'],
    ['fallback alarm', fallback.alarm, { threshold: 5, periodSeconds: 5 * 60 }],
    ['canary', rollout.canaryPercent, 5],
    ['length of a rollout', rollout.totalHours, 48],
  ])('%s', (_name, actual, expected) => {
    expect(actual).toEqual(expected);
  });

  test('the task types are exactly these', () => {
    expect(Object.keys(readTimeoutMs).sort()).toEqual(['classification', 'default', 'embedding', 'embedding_batch', 'synthesis']);
  });

  test('retried are time-outs, broken connections, throttling and 5xx', () => {
    expect([...clientPolicy.retried].sort()).toEqual(['connection', 'server', 'throttling', 'timeout']);
  });
});

describe('prompt registry', () => {
  const { tracks } = promptRegistry;

  test.each([
    ['log fields of a call', promptRegistry.callLogFields,
      ['prompt_id', 'prompt_version', 'prompt_hash', 'environment', 'service_name', 'request_id', 'timestamp']],
    ['hash', promptRegistry.hashAlgorithm, 'sha256'],
    ['drift audit', promptRegistry.driftAudit.everyHours, 24],
    ['priority of a divergence', promptRegistry.driftAudit.alertPriority, 'P3'],
    ['rollback event', promptRegistry.rollbackEvent,
      { name: 'PromptRollback', fields: ['from_version', 'to_version', 'environment', 'rollback_reason', 'triggered_by'] }],
    ['token-count delta', tracks.standard.maxTokenDeltaPercent, 10],
    ['safety suite', tracks.standard.safetySuitePassPercent, 100],
    ['reviewers of the standard track', tracks.standard.reviewers.length, 1],
    ['stages of the standard track', tracks.standard.stages, ['dev', 'staging', 'canary', 'all']],
    ['cache of a service', promptRegistry.cache, { freshSeconds: 60, maxStaleSeconds: 5 * 60 }],
    ['canary of the standard track', tracks.standard.canaryPercent, 10],
    ['reviewers of the expedited track', tracks.expedited.reviewers, ['tech_lead', 'safety_officer']],
    ['change of a content-policy phrase', promptRegistry.contentPolicyChangeNeeds, 'safety_officer'],
    ['environments without gate', promptRegistry.ungatedEnvironments, ['sandbox']],
    ['expansion that the token budget counts', promptRegistry.tokenBudgetUses, 'maximum'],
    ['public access', promptRegistry.storage.blockPublicAccess, true],
    ['object lock', promptRegistry.storage.objectLockMode, 'COMPLIANCE'],
    ['fields of a record', [...promptRecord.required].sort(),
      ['approvals', 'compiled_hash', 'content', 'deployed_envs', 'prompt_id', 'template_hash', 'track', 'version']],
    ['fields of an approval', promptRecord.properties.approvals.items.required, ['reviewer', 'role', 'time']],
  ])('%s', (_name, actual, expected) => {
    expect(actual).toEqual(expected);
  });
});

describe('metric catalogue', () => {
  const ENVIRONMENT = 'environment';
  const SERVICE = 'service_name';

  test.each([
    ['BEDROCK_INVOCATION_COUNT', 'Bedrock', 'InvocationCount', 'Count', [SERVICE, 'model_id', 'task_type', ENVIRONMENT]],
    ['BEDROCK_THROTTLING_COUNT', 'Bedrock', 'ThrottlingCount', 'Count', [SERVICE, 'model_id', ENVIRONMENT]],
    ['RETRIEVAL_CHUNK_COUNT', 'Retrieval', 'ChunkCount', 'Count', [SERVICE, 'index_name', ENVIRONMENT]],
    ['LATENCY_END_TO_END_MS', 'Latency', 'EndToEndMs', 'Milliseconds', [SERVICE, 'request_type', ENVIRONMENT]],
    ['SESSION_COUNT', 'Session', 'SessionCount', 'Count', ['state', ENVIRONMENT]],
    ['BEDROCK_REGION_FALLBACK_COUNT', 'BedrockRegionFallback', 'Count', 'Count', ['from_region', 'to_region', 'reason']],
  ])('%s', (constant, area, name, unit, dimensions) => {
    expect(metricCatalog.metrics.find(metric => metric.constant === constant))
      .toMatchObject({ area, name, unit, dimensions, tier: 'mandatory' });
  });

  test('ERROR_COUNT is counted by error_code', () => {
    expect(metricCatalog.metrics.find(metric => metric.constant === 'ERROR_COUNT')?.dimensions).toContain('error_code');
  });

  test('a session is active or expired', () => {
    const session = metricCatalog.metrics.find(metric => metric.constant === 'SESSION_COUNT');
    expect(session?.dimensionValues).toEqual({ state: ['active', 'expired'] });
  });

  test('a fallback has one of three reasons', () => {
    const fallback = metricCatalog.metrics.find(metric => metric.constant === 'BEDROCK_REGION_FALLBACK_COUNT');
    expect(fallback?.dimensionValues).toEqual({ reason: ['timeout', 'error', 'throttle'] });
  });

  test.each([
    ['data of a call', metricCatalog.transport.maxDataPerCall, 20],
    ['flush', metricCatalog.transport.flushIntervalMs, 1 * SECOND],
    ['missing-metric alarm', metricCatalog.missingAlarm, {
      nameSuffix: 'Missing',
      statistic: 'Sum',
      periodSeconds: 300,
      evaluationPeriods: 2,
      threshold: 0,
      comparisonOperator: 'LessThanOrEqualToThreshold',
      treatMissingData: 'breaching',
    }],
    ['mute window', metricCatalog.muteWindow, { start: '02:00', end: '08:00', timeZone: 'Asia/Tokyo' }],
    ['presence gate', metricCatalog.presenceGate, { syntheticRequests: 50, metricsSeen: 5, withinSeconds: 5 * 60 }],
    ['alarm window', metricCatalog.alarmWindow, { maxSeconds: 24 * 3600, longPeriodSeconds: 3600, maxSecondsOfLongPeriods: 7 * 24 * 3600 }],
    ['alarms of a workload', metricCatalog.mandatoryAlarmsPerWorkload, 2],
  ])('%s', (_name, actual, expected) => {
    expect(actual).toEqual(expected);
  });
});

test('production is an environment named prod or production', () => {
  expect(physicalNames.productionEnvironments).toEqual(['prod', 'production']);
});

describe('error envelope', () => {
  test.each([
    ['THROTTLE', true], ['MODEL_UNAVAILABLE', true], ['SESSION_EXPIRED', false], ['CONTEXT_TOO_LARGE', false],
    ['RETRIEVAL_FAILED', true], ['CONTENT_POLICY_VIOLATION', false], ['INTERNAL_ERROR', false], ['AUTH_FAILED', false],
    ['INVALID_REQUEST', false], ['NOT_FOUND', false], ['PAYLOAD_TOO_LARGE', false], ['TIMEOUT', true],
  ] as const)('%s: retryable is %s', (code, retryable) => {
    expect(errorCodes.codes[code].retryable).toBe(retryable);
  });

  test('there are 12 codes', () => {
    expect(Object.keys(errorCodes.codes)).toHaveLength(12);
  });

  test.each([
    ['THROTTLE', ['ThrottlingException', 'TooManyRequestsException', 'ProvisionedThroughputExceededException', 'RequestLimitExceeded',
      'SlowDown']],
    ['MODEL_UNAVAILABLE', ['ServiceUnavailableException', 'ModelNotReadyException', 'CapacityExceededException', 'InternalServerException',
      'ModelErrorException', 'ModelStreamErrorException']],
    ['TIMEOUT', ['ModelTimeoutException', 'TimeoutError']],
    ['INTERNAL_ERROR', ['AccessDeniedException']],
  ])('%s is what these exceptions become', (code, exceptions) => {
    const table: Record<string, string> = errorCodes.exceptions;
    expect(exceptions.filter(exception => table[exception] !== code)).toEqual([]);
  });

  test.each([
    ['Input is too long for requested model.', true],
    ['ValidationException: prompt is too long: 204800 tokens > 200000 maximum', true],
    ['Too many input tokens. Max input tokens: 8192, request input token count: 9000', true],
    ['The provided model identifier is invalid.', false],
    ['temperature must be less than or equal to 1', false],
  ])('"%s" says that the input is too long: %s', (message, tooLong) => {
    const { exceptions, messagePatterns } = errorCodes.contextTooLarge;
    expect(exceptions).toContain('ValidationException');
    expect(messagePatterns.some(pattern => new RegExp(pattern, 'i').test(message))).toBe(tooLong);
  });

  test.each([
    ['success', errorCodes.successHttpStatus, 200],
    ['INTERNAL_ERROR', errorCodes.codes.INTERNAL_ERROR.httpStatus, 500],
    ['THROTTLE', errorCodes.codes.THROTTLE.httpStatus, 429],
    ['wait before MODEL_UNAVAILABLE is retried', errorCodes.codes.MODEL_UNAVAILABLE.retryAfterSeconds, 30],
    ['retries of RETRIEVAL_FAILED', errorCodes.codes.RETRIEVAL_FAILED.maxRetries, 1],
    ['unknown exception', errorCodes.fallbackCode, 'INTERNAL_ERROR'],
  ])('%s', (_name, actual, expected) => {
    expect(actual).toBe(expected);
  });

  test.each([
    ['THROTTLE', { statistic: 'rate', thresholdPercent: 1, periodSeconds: 5 * 60 }],
    ['RETRIEVAL_FAILED', { statistic: 'rate', thresholdPercent: 2, periodSeconds: 5 * 60 }],
    ['AUTH_FAILED', { statistic: 'rate', thresholdPercent: 0.5 }],
    ['CONTENT_POLICY_VIOLATION', { statistic: 'rate', thresholdPercent: 0.1, periodSeconds: 60 }],
  ] as const)('%s alarms above its share of requests', (code, alarm) => {
    expect(errorCodes.codes[code].alarm).toMatchObject(alarm);
  });

  test('AUTH_FAILED alarms only when it lasts', () => {
    expect(errorCodes.codes.AUTH_FAILED.alarm.evaluationPeriods).toBeGreaterThan(1);
  });
});

describe('Bedrock role', () => {
  test.each([
    ['invoke', bedrockRole.statements.invoke,
      { sid: 'BedrockInvoke', actions: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'] }],
    ['health check', bedrockRole.statements.healthCheck, { sid: 'BedrockListForHealthCheck', actions: ['bedrock:ListFoundationModels'] }],
    ['managed policies that nobody may hold', checks.rules.flatMap(rule => rule.forbiddenManagedPolicies ?? []),
      expect.arrayContaining(['AdministratorAccess', 'AmazonBedrockFullAccess', 'AmazonSageMakerFullAccess', 'PowerUserAccess'])],
    ['time of the probe', iamProbe.timeoutMs, 2 * SECOND],
    ['actions of the probe', iamProbe.actions, ['sts:GetCallerIdentity', 'bedrock:ListFoundationModels']],
    ['log event of the probe', iamProbe.failureEvent, 'iam_validation_failed'],
    ['error of the probe', iamProbe.failureError, 'LambdaInitException'],
  ])('%s', (_name, actual, expected) => {
    expect(actual).toEqual(expected);
  });

  test('policies are held to the limits of IAM and AWS Organizations', () => {
    const { inlinePolicyCharactersReserved: _ours, ...limits } = iamLimits;
    expect(limits).toEqual({
      $schema: expect.any(String),
      inlinePolicyCharactersPerRole: 10_240,
      managedPolicyCharacters: 6_144,
      managedPoliciesPerRole: 10,
      serviceControlPolicyCharacters: 5_120,
    });
  });

  test('geographic profiles include those of the requirement', () => {
    expect(Object.keys(inferenceProfiles.geographies)).toEqual(expect.arrayContaining(['us', 'eu', 'apac', 'jp', 'au', 'us-gov']));
  });
});

describe('operation', () => {
  test.each([
    ['retention of logs in days', logging.retentionDays, 90],
    ['requests a second', restApi.stage.throttlingRateLimit, 100],
    ['burst of requests', restApi.stage.throttlingBurstLimit, 200],
    ['execution log', restApi.stage.loggingLevel, 'ERROR'],
    ['request data in the execution log', restApi.stage.dataTraceEnabled, false],
    ['metrics', restApi.stage.metricsEnabled, true],
    ['traces', restApi.stage.tracingEnabled, true],
    ['validation of requests', restApi.requestValidation, { validateRequestBody: true, validateRequestParameters: true }],
    ['actions of an endpoint\'s callers', bedrockRole.statements.invokeEndpoint.actions,
      ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream']],
  ])('%s', (_name, actual, expected) => {
    expect(actual).toEqual(expected);
  });
});

describe('SageMaker models', () => {
  const COMMON = {
    SAGEMAKER_MODEL_SERVER_TIMEOUT: '3600',
    SAGEMAKER_MODEL_SERVER_WORKERS: '1',
    MODEL_CACHE_ROOT: '/opt/ml/model',
    SAGEMAKER_ENV: '1',
    SAGEMAKER_PROGRAM: 'inference.py',
    SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code',
    SAGEMAKER_CONTAINER_LOG_LEVEL: '20',
  };

  test('Falcon-7B-Instruct', () => {
    expect(sageMakerModels.models['huggingface-llm-falcon-7b-instruct-bf16']).toEqual({
      regionsWithout: ['eusc-de-east-1'],
      title: 'Falcon-7B-Instruct',
      version: '4.6.16',
      artifactPrefix: 'huggingface-llm/huggingface-llm-falcon-7b-instruct-bf16/artifacts/inference-prepack/v2.0.0/',
      image: { repository: 'huggingface-pytorch-tgi-inference', tag: '2.4.0-tgi2.4.0-gpu-py311-cu124-ubuntu22.04' },
      instanceTypes: ['ml.g5.2xlarge', 'ml.g5.4xlarge', 'ml.g5.8xlarge', 'ml.g5.16xlarge'],
      environment: {
        ...COMMON,
        HF_MODEL_ID: '/opt/ml/model',
        MAX_INPUT_LENGTH: '1024',
        MAX_TOTAL_TOKENS: '2048',
        SM_NUM_GPUS: '1',
        ENDPOINT_SERVER_TIMEOUT: '3600',
      },
    });
  });

  test('Stable Diffusion v2', () => {
    expect(sageMakerModels.models['model-txt2img-stabilityai-stable-diffusion-v2']).toEqual({
      regionsWithout: expect.any(Array),
      title: 'Stable Diffusion v2',
      version: '2.0.18',
      artifactPrefix: 'stabilityai-txt2img/model-txt2img-stabilityai-stable-diffusion-v2/artifacts/inference-prepack/v1.0.0/',
      image: { repository: 'huggingface-pytorch-inference', tag: '1.10.2-transformers4.17.0-gpu-py38-cu113-ubuntu20.04' },
      instanceTypes: ['ml.g5.2xlarge', 'ml.p3.2xlarge', 'ml.g4dn.4xlarge', 'ml.g4dn.8xlarge', 'ml.g5.4xlarge', 'ml.g5.8xlarge'],
      environment: { ...COMMON, MMS_MAX_RESPONSE_SIZE: '20000000' },
    });
  });

  test('artifacts lie in the bucket of the Region', () => {
    expect(sageMakerModels.artifactBucket).toBe('jumpstart-cache-prod-{region}');
  });

  test('ml.g5.2xlarge has one A10G with 22.2 usable GiB, 32 GiB of memory and 8 vCPU', () => {
    expect(gpuInstances.instances['ml.g5.2xlarge']).toMatchObject({ gpu: 'A10G', gpus: 1, memoryGiB: 32, vcpus: 8 });
    expect(gpuInstances.gpus.A10G).toMatchObject({ memoryMiB: 22_888, usableGiB: 22.2 });
  });
});
