import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BUNDLING_STACKS } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';
import { CompileCase, runCompileCases } from './compile-cases';
import { MangaAssistStack } from '../../examples/manga-assist/manga-assist-stack';
import { BedrockTaskRole, CatalogMetric, MissingMetricAlarm, PlumblineChecks, Standards } from 'cdk-plumbline';

const CASES = {
  /** A role that may do everything in Bedrock. */
  wildcardRole(stack: Stack): void {
    const role = new Role(stack, 'ChatRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(new PolicyStatement({ actions: ['bedrock:*'], resources: ['*'] }));
  },
  /** The same by the construct of the standard. */
  wildcardModel(stack: Stack): void {
    new BedrockTaskRole(stack, 'ChatRole', { allowedModels: ['anthropic.*'] });
  },
  /** An alarm on a dimension that no runtime emits. */
  renamedDimension(stack: Stack): void {
    CatalogMetric.BEDROCK_INVOCATION_COUNT.metric(stack, { dimensions: { tenant: 'shop' } })
      .createAlarm(stack, 'Alarm', { threshold: 1, evaluationPeriods: 1 });
  },
  /** The counter-check: the same kind of stack without drift. */
  compliant(stack: Stack): void {
    new BedrockTaskRole(stack, 'ChatRole', { allowedModels: ['amazon.nova-lite-v1:0'] });
    new MissingMetricAlarm(stack, 'Alarm', { metric: CatalogMetric.BEDROCK_INVOCATION_COUNT });
  },
};

export type SynthCase = keyof typeof CASES;

/** What a synthesis came to: nothing to say, or why it was refused. */
export interface SynthOutcome {
  readonly error?: string;
  /** The rules that found something. */
  readonly rules: readonly string[];
}

export interface SynthResults {
  /** What the compiler said, by case. */
  readonly compiler: Readonly<Partial<Record<CompileCase, string>>>;
  readonly cases: Readonly<Record<SynthCase, SynthOutcome>>;
  /** Findings that nobody acknowledged, by pack, in the example as it is. */
  readonly findings: Readonly<Record<string, number>>;
}

/** Compiles or synthesises each case by itself, below `folder`. */
export function runSynthCases(folder: string): SynthResults {
  const outcomes = Object.entries(CASES).map(([name, build]) => [name, outcomeOf(build, join(folder, name))]);
  return {
    compiler: runCompileCases(folder),
    cases: Object.fromEntries(outcomes) as Record<SynthCase, SynthOutcome>,
    findings: findingsOfExample(join(folder, 'example')),
  };
}

function outcomeOf(build: (stack: Stack) => void, outdir: string): SynthOutcome {
  try {
    const app = new App({ outdir });
    const stack = new Stack(app, 'Chat');
    Standards.apply(stack, { product: 'MangaAssist', environment: 'prod' });
    build(stack);
    app.synth();
    return { rules: [] };
  } catch (error) {
    return { error: (error as Error).message, rules: rulesIn(outdir) };
  }
}

function rulesIn(outdir: string): string[] {
  try {
    const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as {
      pluginReports: { violations: { ruleName: string }[] }[];
    };
    return pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName));
  } catch {
    // Refused before there was anything to validate.
    return [];
  }
}

function findingsOfExample(outdir: string): Record<string, number> {
  // Its code was bundled already, for the deployment.
  const app = new App({ outdir, context: { [BUNDLING_STACKS]: [] } });
  const stack = new MangaAssistStack(app, 'MangaAssist', { environment: 'prod' });
  const packs = [new AwsSolutionsChecks(), new PlumblineChecks()];
  return Object.fromEntries(packs.map(pack => [pack.name, pack.validateScope(stack).violations.length]));
}
