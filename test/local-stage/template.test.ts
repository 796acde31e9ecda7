import { alarmsOfIdleService } from '../../local-stage/assembly/idle-service';
import { bridgeGaps, withVariables } from '../../local-stage/assembly/local-gaps';
import { PLACEHOLDER, Template, localTemplate } from '../../local-stage/assembly/local-template';

const KNOWN = new Set(['AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::CloudWatch::Alarm']);
const ENDPOINT = { Type: 'AWS::SageMaker::Endpoint', Properties: { EndpointName: 'falcon' } };

function template(resources: Record<string, unknown>, rest: Record<string, unknown> = {}): Template {
  return { Resources: resources as Template['Resources'], ...rest };
}

function functionWith(value: unknown): Record<string, unknown> {
  return { Type: 'AWS::Lambda::Function', Properties: { Value: value } };
}

function valueLeftIn(value: unknown): unknown {
  const local = localTemplate(template({ Endpoint: ENDPOINT, Fn: functionWith(value) }), KNOWN);
  return local.template.Resources.Fn.Properties!.Value;
}

describe('what the local copy of a template leaves out', () => {
  test('a resource of a type that the emulator does not know, and says so', () => {
    const { template: local, leftOut } = localTemplate(template({ Endpoint: ENDPOINT, Fn: functionWith('x') }), KNOWN);
    expect(Object.keys(local.Resources)).toEqual(['Fn']);
    expect(leftOut).toEqual([{ logicalId: 'Endpoint', type: 'AWS::SageMaker::Endpoint' }]);
  });

  test('an alarm on several metrics, which the emulator would reject', () => {
    const { leftOut } = localTemplate(template({
      One: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'InvocationCount' } },
      Rate: { Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics: [] } },
    }), KNOWN);
    expect(leftOut.map(({ logicalId }) => logicalId)).toEqual(['Rate']);
  });

  test('no custom resource: a function of the stack makes it', () => {
    expect(localTemplate(template({ Custom: { Type: 'Custom::Thing' } }), KNOWN).leftOut).toEqual([]);
  });

  test('nothing of a template that the emulator knows as a whole', () => {
    const whole = template(
      { Fn: { ...functionWith({ Ref: 'Role' }), DependsOn: ['Role'] }, Role: { Type: 'AWS::IAM::Role' } },
      { Outputs: { A: { Value: 1 } } },
    );
    expect(localTemplate(whole, KNOWN)).toEqual({ template: whole, leftOut: [] });
  });

  test('the template that was given stays as it was', () => {
    const given = template({ Endpoint: ENDPOINT, Fn: { ...functionWith({ Ref: 'Endpoint' }), DependsOn: 'Endpoint' } });
    const before = JSON.stringify(given);
    localTemplate(given, KNOWN);
    expect(JSON.stringify(given)).toBe(before);
  });
});

describe('what refers to a resource that is left out', () => {
  const placeholder = `${PLACEHOLDER}-Endpoint`;

  test.each([
    ['Ref', { Ref: 'Endpoint' }, placeholder],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Endpoint', 'EndpointName'] }, placeholder],
    ['Fn::GetAtt as a text', { 'Fn::GetAtt': 'Endpoint.EndpointName' }, placeholder],
    ['a reference deep inside', { 'Fn::Join': ['', ['arn:', { Ref: 'Endpoint' }]] }, { 'Fn::Join': ['', ['arn:', placeholder]] }],
    ['Fn::Sub', { 'Fn::Sub': 'a/${Endpoint}/${Endpoint.Name}/${Fn}' }, { 'Fn::Sub': `a/${placeholder}/${placeholder}/\${Fn}` }],
    [
      'Fn::Sub with variables',
      { 'Fn::Sub': ['${Endpoint} ${It}', { It: { Ref: 'Endpoint' } }] },
      { 'Fn::Sub': [`${placeholder} \${It}`, { It: placeholder }] },
    ],
  ])('%s gets a placeholder', (_form, given, expected) => {
    expect(valueLeftIn(given)).toEqual(expected);
  });

  test.each([
    ['a reference to another resource', { Ref: 'Fn' }],
    ['a pseudo parameter', { Ref: 'AWS::Region' }],
    ['a resource whose id only begins alike', { Ref: 'EndpointConfig' }],
    ['a literal ${!…} of Fn::Sub', { 'Fn::Sub': '${!Endpoint}' }],
    ['a variable of Fn::Sub of the same name', { 'Fn::Sub': ['${Endpoint}', { Endpoint: 'mine' }] }],
    ['text that merely looks like one', '${Endpoint}'],
    ['null, numbers and booleans', [null, 1, false]],
  ])('%s stays', (_form, given) => {
    expect(valueLeftIn(given)).toEqual(given);
  });

  test.each([
    ['Endpoint', undefined],
    [['Endpoint'], undefined],
    [['Endpoint', 'Role'], ['Role']],
    ['Role', ['Role']],
  ])('DependsOn %j becomes %j', (given, expected) => {
    const { template: local } = localTemplate(
      template({ Endpoint: ENDPOINT, Role: { Type: 'AWS::IAM::Role' }, Fn: { ...functionWith(1), DependsOn: given } }),
      KNOWN,
    );
    expect(local.Resources.Fn.DependsOn).toEqual(expected);
  });

  test('an output keeps its name, so that an export stays there', () => {
    const { template: local } = localTemplate(
      template({ Endpoint: ENDPOINT }, { Outputs: { Name: { Value: { Ref: 'Endpoint' } } } }),
      KNOWN,
    );
    expect(local.Outputs).toEqual({ Name: { Value: placeholder } });
  });
});

describe('what the local copy says differently', () => {
  const controlPlaneOf = (role: unknown): unknown => ({ local: role });

  test('gateway responses use the id that the emulator substitutes; nothing else is touched', () => {
    const text = '{"id":"$context.requestId","ref":"$context.extendedRequestId"}';
    const { Resources } = bridgeGaps(template({
      Response: { Type: 'AWS::ApiGateway::GatewayResponse', Properties: { ResponseTemplates: { 'application/json': text } } },
      Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { AccessLogSetting: { Format: text } } },
    }), controlPlaneOf);
    expect(Resources.Response.Properties).toEqual({
      ResponseTemplates: { 'application/json': '{"id":"$context.requestId","ref":"$context.requestId"}' },
    });
    expect(Resources.Stage.Properties).toEqual({ AccessLogSetting: { Format: text } });
  });

  test('a function is told the control plane of its own role, beside its own variables', () => {
    const { Resources } = bridgeGaps(
      template({
        Fn: {
          Type: 'AWS::Lambda::Function',
          Properties: { Role: { 'Fn::GetAtt': ['ChatRole', 'Arn'] }, Environment: { Variables: { A: '1' } } },
        },
      }),
      controlPlaneOf,
    );
    expect(Resources.Fn.Properties!.Environment).toEqual({
      Variables: { A: '1', AWS_ENDPOINT_URL_BEDROCK: { local: { Ref: 'ChatRole' } } },
    });
  });

  test('a function with a role of elsewhere stays as it is', () => {
    const fn = { Type: 'AWS::Lambda::Function', Properties: { Role: 'arn:aws:iam::123456789012:role/elsewhere' } };
    expect(bridgeGaps(template({ Fn: fn }), controlPlaneOf).Resources.Fn).toEqual(fn);
  });

  test('every function is told a further variable, whosever its role is, and nothing else is', () => {
    const told = (variables: object) => ({
      Type: 'AWS::Lambda::Function',
      Properties: { Role: 'arn:aws:iam::123456789012:role/elsewhere', Environment: { Variables: variables } },
    });
    const role = { Type: 'AWS::IAM::Role', Properties: {} };
    expect(withVariables(template({ Fn: told({ A: '1' }), Role: role }), { B: '2' }).Resources)
      .toEqual({ Fn: told({ A: '1', B: '2' }), Role: role });
  });

  test('a bucket keeps its rules but for that on TLS, which the emulator\'s own CloudFront would break', () => {
    const withoutTls = { Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    const others = [
      { Effect: 'Deny', Action: 's3:*', Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } },
      { Effect: 'Allow', Action: 's3:GetObject', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { Effect: 'Deny', Action: 's3:*' },
    ];
    const policy = (Statement: object[]) => ({ Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'b', PolicyDocument: { Statement } } });
    expect(bridgeGaps(template({ Policy: policy([withoutTls, ...others]) }), controlPlaneOf).Resources.Policy).toEqual(policy(others));
  });
});

test('an alarm rings while nobody calls when it takes missing data for a breach', () => {
  const alarm = (TreatMissingData: string | undefined, AlarmName?: string): unknown => ({
    Type: 'AWS::CloudWatch::Alarm', Properties: { TreatMissingData, AlarmName },
  });
  expect(alarmsOfIdleService(template({
    Named: alarm('breaching', 'silent'),
    Unnamed: alarm('breaching'),
    Quiet: alarm('notBreaching'),
    Kept: alarm('ignore'),
    Default: alarm(undefined),
    Other: { Type: 'AWS::CloudWatch::CompositeAlarm', Properties: { TreatMissingData: 'breaching' } },
  }))).toEqual(['silent', 'Unnamed']);
});
