import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  CfnCodeSigningConfig, CfnLayerVersion, Code, CodeSigningConfig, Function, LayerVersion, UntrustedArtifactOnDeployment,
} from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Platform, SigningProfile } from 'aws-cdk-lib/aws-signer';
import { existingFunction, MODEL, newStack, standardLambda, warningsOf, warningText } from './support';
import { BedrockTaskRole, PlumblineChecks, StandardLambdaMixin } from '../../src';

const { ENFORCE, WARN } = UntrustedArtifactOnDeployment;

function signing(stack: Stack, untrustedArtifactOnDeployment?: UntrustedArtifactOnDeployment): CodeSigningConfig {
  const profile = new SigningProfile(stack, 'Profile', { platform: Platform.AWS_LAMBDA_SHA384_ECDSA });
  return new CodeSigningConfig(stack, 'Signing', { signingProfiles: [profile], untrustedArtifactOnDeployment });
}

const modelRole = (stack: Stack): BedrockTaskRole => new BedrockTaskRole(stack, 'Role', { allowedModels: [MODEL] });

function layerFrom(stack: Stack, key: string): LayerVersion {
  return new LayerVersion(stack, 'Signed', { code: Code.fromBucket(Bucket.fromBucketName(stack, 'Bucket', 'signed'), key) });
}

describe('a version of a function', () => {
  const versionId = (change: (stack: Stack, fn: Function) => void, create = standardLambda): string => {
    const stack = newStack();
    const fn = create(stack);
    change(stack, fn);
    void fn.currentVersion;
    const [id] = Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::Version'));
    return id;
  };
  const nothing = () => undefined;
  const otherLayer = (stack: Stack, content: string) => {
    const layer = stack.node.findChild('PlumblineNodeRuntime').node.defaultChild as CfnLayerVersion;
    layer.content = { s3Bucket: 'other', s3Key: content };
  };

  test('stays the same while nothing changes', () => {
    expect(versionId(nothing)).toBe(versionId(nothing));
  });

  test('is another one when the layer that its user signed has other content, without any feature flag', () => {
    const withLayer = (key: string) => versionId(nothing, stack => standardLambda(stack, { runtimeLayer: layerFrom(stack, key) }));
    expect(withLayer('v1.zip')).toBe(withLayer('v1.zip'));
    expect(withLayer('v1.zip')).not.toBe(withLayer('v2.zip'));
  });

  test('is another one when the library brings another layer', () => {
    // The layer is one a stack, and read when a function gets it: the second function's version holds what the layer is by then.
    const second = (content: string) => versionId(stack => otherLayer(stack, content), stack => {
      standardLambda(stack, {}, 'First');
      otherLayer(stack, content);
      return standardLambda(stack, {}, 'Second');
    });
    expect(second('one.zip')).toBe(second('one.zip'));
    expect(second('one.zip')).not.toBe(second('two.zip'));
  });
});

describe('where code signing is on', () => {
  test('the library\'s own layer is an error when signatures are enforced', () => {
    const stack = newStack();
    expect(() => standardLambda(stack, { codeSigningConfig: signing(stack, ENFORCE) })).toThrow(
      /\[Stack\/Chat\] The function takes signed code only[^]*runtimeLayer[^]*node-layer/,
    );
  });

  test('the configuration as an override or an L1 construct counts too', () => {
    const stack = newStack();
    const config = new CfnCodeSigningConfig(stack, 'Signing', { allowedPublishers: { signingProfileVersionArns: ['arn:aws:signer:x'] } });
    config.addPropertyOverride('CodeSigningPolicies.UntrustedArtifactOnDeployment', 'Enforce');
    const codeSigningConfig = CodeSigningConfig.fromCodeSigningConfigArn(stack, 'Imported', config.attrCodeSigningConfigArn);
    expect(() => standardLambda(stack, { codeSigningConfig })).toThrow(/signed code only/);
  });

  test.each<[string, (stack: Stack) => CodeSigningConfig]>([
    ['only warns', stack => signing(stack, WARN)],
    ['says nothing', stack => signing(stack)],
    ['is imported', stack => CodeSigningConfig.fromCodeSigningConfigArn(
      stack, 'Imported', 'arn:aws:lambda:us-east-1:111122223333:code-signing-config:csc-1',
    ) as CodeSigningConfig],
  ])('it is a warning when the configuration %s', (_what, config) => {
    const stack = newStack();
    standardLambda(stack, { codeSigningConfig: config(stack) });
    expect(warningsOf(stack)).toEqual(['unsignedRuntimeLayer']);
    expect(warningText(stack, 'unsignedRuntimeLayer')).toMatch(/assets\/runtime\/node-layer.*runtimeLayer/);
  });

  test('a layer that its user signed takes the place of the library\'s', () => {
    const stack = newStack();
    standardLambda(stack, { codeSigningConfig: signing(stack, ENFORCE), runtimeLayer: layerFrom(stack, 'signed.zip') });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Lambda::LayerVersion', 1);
    const [fn] = Object.values(template.findResources('AWS::Lambda::Function'));
    expect(fn.Properties.Layers).toEqual([{ Ref: expect.stringMatching(/^Signed/) }]);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('so does one of the mixin, also by its ARN, and the checks take it for the standard\'s', () => {
    const stack = newStack();
    const runtimeLayer = LayerVersion.fromLayerVersionArn(stack, 'Signed', 'arn:aws:lambda:us-east-1:111122223333:layer:plumbline:7');
    const fn = existingFunction(stack, { codeSigningConfig: signing(stack, ENFORCE), role: modelRole(stack) });
    fn.with(new StandardLambdaMixin({ serviceName: 'cart', runtimeLayer }));
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { Layers: [runtimeLayer.layerVersionArn] });
    expect(new PlumblineChecks(stack).validateScope(stack).violations.map(({ ruleName }) => ruleName)).toEqual([]);
  });

  test('the checks take a signed zip file for the standard\'s, though nobody can look into it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'plumbline-signed-'));
    writeFileSync(join(folder, 'signed.zip'), 'PK signed');
    const stack = newStack();
    const runtimeLayer = new LayerVersion(stack, 'Signed', { code: Code.fromAsset(join(folder, 'signed.zip')) });
    standardLambda(stack, { codeSigningConfig: signing(stack, ENFORCE), runtimeLayer, role: modelRole(stack) });
    expect(new PlumblineChecks(stack).validateScope(stack).violations.map(({ ruleName }) => ruleName)).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  test('the warning is acknowledged by its id', () => {
    const stack = newStack();
    const fn = existingFunction(stack, { codeSigningConfig: signing(stack), memorySize: 512, timeout: undefined });
    Validations.of(fn).acknowledge({ id: 'cdk-plumbline:unsignedRuntimeLayer', reason: 'The configuration is not enforced.' });
    fn.with(new StandardLambdaMixin({ serviceName: 'cart' }));
    expect(warningsOf(stack)).not.toContain('unsignedRuntimeLayer');
  });
});
