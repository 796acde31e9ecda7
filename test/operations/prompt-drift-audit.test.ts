import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { PlumblineChecks, PromptDriftAudit, PromptDriftAuditProps } from '../../src';
import { templateText } from '../../src/contract/prompts/hashed-text';
import { warningsOf } from '../function/support';
import { readerIn, registryApp, RegistryApp, stackOf } from '../prompts/support/registry-app';
import { sha256 } from '../support/prompt-registry/signed-prompts';

type Json = Record<string, any>;

function auditOf(props: (app: RegistryApp) => Partial<PromptDriftAuditProps> = () => ({})) {
  const app = registryApp({ sandbox: true });
  const audit = new PromptDriftAudit(app.stack, 'Audit', { registry: app.registry, ...props(app) });
  return { ...app, audit };
}

const propertiesOf = (template: Template, type: string): Json[] =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties as Json);

/** What the rule hands to the function, with references by their logical ids. */
function inputIn(template: Template): Json {
  const [{ Targets: [{ Input }] }] = propertiesOf(template, 'AWS::Events::Rule').filter(({ ScheduleExpression }) => ScheduleExpression);
  const shown = (part: Json | string): string => (typeof part === 'string' ? part : part.Ref ?? part['Fn::GetAtt'][0]);
  return JSON.parse(typeof Input === 'string' ? Input : Input['Fn::Join'][1].map(shown).join('')) as Json;
}

/** A file as `plumbline prompts export` writes it, for `use`. */
function withExported(ids: readonly string[], use: (file: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-audit-'));
  try {
    const file = join(folder, 'prompts.json');
    writeFileSync(file, JSON.stringify(ids.map(id => ({ id, version: '1.0.0', ...CONTENT, variables: {}, template_hash: HASH }))));
    use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const CONTENT = { model: 'amazon.nova-pro-v1:0', messages: [{ role: 'user' as const, text: 'Say hello.' }] };
const HASH = sha256(templateText(CONTENT));

describe('an audit', () => {
  const { audit, template: written, stack } = auditOf(({ stack: scope }) => ({
    topic: new Topic(scope, 'Topic', { masterKey: new Key(scope, 'Key') }),
  }));
  const template = written();

  test('is told each day where the registry is', () => {
    expect(inputIn(template)).toEqual({
      audit: 'prompt-drift-audit',
      bucket: expect.stringMatching(/^PromptsBucket/),
      table: expect.stringMatching(/^PromptsTable/),
      signingKey: expect.stringMatching(/^PromptsSigningKey/),
      eventBus: expect.stringMatching(/^PromptsEvents/),
      environments: ['dev', 'staging', 'prod'],
      bundled: {},
      topicArn: expect.stringMatching(/^Topic/),
    });
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'cron(30 4 * * ? *)', State: 'ENABLED' });
  });

  test('has an alarm on diverged prompts of each environment, which stays on until the next audit', () => {
    expect(audit.divergedAlarms).toHaveLength(3);
    for (const environment of ['dev', 'staging', 'prod']) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: `MangaAssist-${environment}-PromptDivergedCount`,
        Namespace: 'MangaAssist/Prompt',
        MetricName: 'DivergedCount',
        Dimensions: [{ Name: 'environment', Value: environment }, { Name: 'service_name', Value: 'prompt-drift-audit' }],
        Statistic: 'Maximum',
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        Period: 3_600,
        EvaluationPeriods: 24,
        DatapointsToAlarm: 1,
        TreatMissingData: 'notBreaching',
      });
    }
  });

  test('has an alarm on its silence, by the day', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'MangaAssist-prompt-drift-audit-PromptAuditCount-Missing',
      Period: 86_400,
      EvaluationPeriods: 2,
      TreatMissingData: 'breaching',
    });
    expect(audit.silenceAlarm.alarmName).toBeDefined();
  });

  test('may tell its topic, with the topic\'s key', () => {
    const statements = propertiesOf(template, 'AWS::IAM::Policy').flatMap(({ PolicyDocument }) => PolicyDocument.Statement as Json[]);
    const topic = { Ref: expect.stringMatching(/^Topic/) };
    expect(statements.find(({ Sid }) => Sid === 'Tell')).toMatchObject({ Action: 'sns:Publish', Resource: topic });
    expect(statements.find(({ Sid }) => Sid === 'EncryptIt')).toMatchObject({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'] });
    expect(warningsOf(stack)).not.toContain('promptAuditTellsNobody');
  });

  test('may update items that nobody but the pipeline may, and whatever else it did would ring', () => {
    const [{ ResourcePolicy }] = propertiesOf(template, 'AWS::DynamoDB::Table').filter(table => table.ResourcePolicy);
    const table = ResourcePolicy.PolicyDocument.Statement as Json[];
    const denied = (sid: string) => table.find(({ Sid }) => Sid === sid)!.Condition.ArnNotEquals['aws:PrincipalArn'] as Json[];
    const roles = (sid: string) => [denied(sid)].flat().map(arn => arn['Fn::GetAtt'][0] as string);
    const auditor = expect.stringMatching(/^AuditFunctionServiceRole/);
    expect(roles('OnlyThePipelinePublishes')).toEqual([expect.stringMatching(/^Pipeline/)]);
    expect(roles('OnlyPipelineAndAuditUpdate')).toEqual([expect.stringMatching(/^Pipeline/), auditor]);
    const [{ EventPattern }] = propertiesOf(template, 'AWS::Events::Rule').filter(rule => rule.EventPattern);
    expect(EventPattern.detail.$or).toEqual([
      expect.objectContaining({
        userIdentity: {
          sessionContext: {
            sessionIssuer: {
              arn: [{
                'anything-but': [expect.anything(), { 'Fn::GetAtt': [auditor, 'Arn'] }],
              }],
            },
          },
        },
      }),
      expect.anything(),
      { eventName: [{ prefix: 'Delete' }] },
      {
        userIdentity: { sessionContext: { sessionIssuer: { arn: [{ 'Fn::GetAtt': [auditor, 'Arn'] }] } } },
        eventName: [{ 'anything-but': ['UpdateItem'] }],
      },
    ]);
  });
});

test('knows the copies in functions\' code, those made after it too, each once, and none of the sandbox', () => {
  const app = auditOf();
  withExported(['greeting', 'farewell'], bundled => {
    for (const id of ['Service', 'Second']) readerIn(app, 'prod', { prompts: ['greeting', 'farewell'], bundled }, id);
    readerIn(app, 'sandbox', { prompts: ['greeting'], bundled });
  });
  expect(inputIn(app.template()).bundled).toEqual({ prod: { farewell: [HASH], greeting: [HASH] } });
  expect(app.audit.node.validate()).toEqual([]);
});

test('more copies than EventBridge can hand over are an error', () => {
  const app = auditOf();
  const ids = Array.from({ length: 90 }, (_value, index) => `prompt-${index}`);
  withExported(ids, bundled => {
    for (let first = 0; first < ids.length; first += 10) {
      readerIn(app, 'prod', { prompts: ids.slice(first, first + 10), bundled }, `Service${first}`);
    }
  });
  expect(app.audit.node.validate()).toEqual([expect.stringMatching(/EventBridge hands no more[^]*characters/)]);
});

test('without a topic it warns that nobody is told', () => {
  const { stack, template } = auditOf();
  template();
  Annotations.fromStack(stack).hasWarning('/Registry/Audit', Match.stringLikeRegexp('The audit has no topic'));
});

describe('is refused', () => {
  test('a registry of another stack', () => {
    const { app, registry } = registryApp();
    expect(() => new PromptDriftAudit(stackOf(app, 'Other', 'prod'), 'Audit', { registry }))
      .toThrow(/another stack than its registry[^]*the stack Registry/);
  });

  test('a name that no metric takes', () => {
    expect(() => auditOf(() => ({ auditName: 'a b' }))).toThrow(/The auditName cannot be part of a metric name/);
  });
});

test('neither AwsSolutions nor PlumblineChecks find anything', () => {
  const { app } = auditOf();
  for (const pack of [new AwsSolutionsChecks(), new PlumblineChecks()]) expect(pack.validateScope(app).violations).toEqual([]);
});
