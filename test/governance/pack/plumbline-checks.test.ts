import { existsSync, readdirSync } from 'fs';
import { join } from 'path';
import { App, Stack, Stage, Validations } from 'aws-cdk-lib';
import { CfnPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { MODEL } from './support/workloads';
import { CHECKS } from '../../../src/contract/data';
import { PlumblineChecks } from '../../../src/governance';
import { CHECK_RULES } from '../../../src/governance/pack/check-rules';
import { Standards } from '../../../src/standards/standards';

const RULES_FOLDER = join(__dirname, '..', '..', '..', 'src', 'governance', 'pack', 'rules');

function wideRole(stack: Stack): Role {
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  role.addToPolicy(new PolicyStatement({ actions: ['bedrock:*'], resources: [MODEL] }));
  return role;
}

/** The paths that the report of a synthesis names; none when it passes. */
function pathsFound(app: App): string[] {
  try {
    app.synth();
    return [];
  } catch (failure) {
    return [...String(failure).matchAll(/ERROR The policy[^]*?\n\s+(\S+)/g)].map(([, path]) => path);
  }
}

describe('the table of rules', () => {
  test('holds the rules of the design that exist so far, under their fixed names', () => {
    expect(CHECK_RULES.map(rule => rule.name)).toEqual([
      'BedrockNoWildcard', 'BedrockNoFullAccessPolicy', 'SageMakerNoFullAccessPolicy',
      'FunctionUsesRuntimeLayer', 'FunctionHasMandatoryAlarms', 'TaskHasMandatoryAlarms', 'PromptBucketLocked',
    ]);
  });

  test('has an entry for every check, and a check only where a list of policies will not do', () => {
    const files = readdirSync(RULES_FOLDER).filter(file => /^[A-Z].*\.ts$/.test(file)).map(file => file.replace('.ts', ''));
    expect(CHECKS.rules.filter(rule => !('forbiddenManagedPolicies' in rule)).map(rule => rule.name).sort()).toEqual(files.sort());
  });

  test.each(CHECK_RULES.map(rule => [rule.name, rule] as const))(
    '%s says what is wrong, how to mend it, and which incident it prevents',
    (_name, rule) => {
      expect(rule.info).toMatch(/\. (Use|Name) /);
      expect(rule.info).not.toContain('{');
      expect(rule.explanation).toMatch(/\.$/);
      expect(Object.values(CHECKS.incidents).some(incident => rule.incident.includes(incident))).toBe(true);
    },
  );

  test.each(CHECKS.rules)('$name has cases', rule => {
    const file = 'forbiddenManagedPolicies' in rule ? 'NoFullAccessPolicy' : rule.name;
    expect(existsSync(join(__dirname, 'rules', `${file}.test.ts`))).toBe(true);
  });
});

describe('the pack', () => {
  test('stops the synthesis, and names rule, path and incident', () => {
    const app = new App();
    Validations.of(app).addPlugins(new PlumblineChecks(app));
    wideRole(new Stack(app, 'Stack'));
    expect(() => app.synth()).toThrow(
      /Role drift: AmazonBedrockFullAccess[^]*Stack\/Role\/DefaultPolicy[^]*PlumblineChecks-BedrockNoWildcard\[Action::bedrock:\*\]/,
    );
  });

  test.each([
    'PlumblineChecks-BedrockNoWildcard[Action::bedrock:*]',
    'PlumblineChecks::PlumblineChecks-BedrockNoWildcard[Action::bedrock:*]',
  ])('accepts the acknowledgement %s', id => {
    const app = new App();
    Validations.of(app).addPlugins(new PlumblineChecks(app));
    Validations.of(wideRole(new Stack(app, 'Stack'))).acknowledge({ id, reason: 'A test.' });
    expect(pathsFound(app)).toEqual([]);
  });

  test('finds nothing in an app that has nothing to find', () => {
    const app = new App();
    Validations.of(app).addPlugins(new PlumblineChecks(app));
    new Stack(app, 'Stack');
    expect(pathsFound(app)).toEqual([]);
  });

  test('names its rules to the CDK', () => {
    expect(new PlumblineChecks().ruleIds).toEqual(CHECK_RULES.map(rule => `PlumblineChecks-${rule.name}`));
  });

  test('of a stage checks that stage only', () => {
    const app = new App();
    const [checked, unchecked] = ['Checked', 'Unchecked'].map(id => new Stage(app, id));
    Validations.of(checked).addPlugins(new PlumblineChecks(checked));
    wideRole(new Stack(checked, 'Stack'));
    wideRole(new Stack(unchecked, 'Stack'));
    expect(pathsFound(app)).toEqual([expect.stringMatching(/^Checked\/Stack/)]);
  });

  test('registered by the standards of two stages finds each fault once', () => {
    const app = new App();
    for (const environment of ['dev', 'prod']) {
      const stage = new Stage(app, environment);
      Standards.apply(stage, { product: 'Manga', environment });
      wideRole(new Stack(stage, 'Stack'));
    }
    expect(pathsFound(app).map(path => path.split('/')[0]).sort()).toEqual(['dev', 'prod']);
  });

  test('sees the stages that a pipeline deploys, which the CDK asks no plugin of', () => {
    const app = new App();
    const pipeline = new Stack(app, 'Pipeline');
    for (const environment of ['dev', 'prod']) {
      const stage = new Stage(pipeline, environment);
      Standards.apply(stage, { product: 'Manga', environment });
      wideRole(new Stack(stage, 'Stack'));
      stage.synth();
    }
    expect(pathsFound(app).map(path => path.split('/')[1]).sort()).toEqual(['dev', 'prod']);
  });

  test('is done with 2,000 policies within seconds', () => {
    const app = new App();
    for (let number = 0; number < 5; number++) {
      const stack = new Stack(app, `Stack${number}`);
      for (let policy = 0; policy < 400; policy++) {
        new CfnPolicy(stack, `Policy${policy}`, {
          policyName: 'P',
          roles: ['somebody'],
          policyDocument: { Statement: [{ Effect: 'Allow', Action: ['bedrock:InvokeModel', 's3:*'], Resource: MODEL }] },
        });
      }
    }
    const start = Date.now();
    expect(new PlumblineChecks().validateScope(app).success).toBe(true);
    expect(Date.now() - start).toBeLessThan(15_000);
  });
});
