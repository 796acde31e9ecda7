import { FeatureFlags } from 'aws-cdk-lib';
import { CfnFunction, Function } from 'aws-cdk-lib/aws-lambda';
import { LAMBDA_NODEJS_SDK_V3_EXCLUDE_SMITHY_PACKAGES } from 'aws-cdk-lib/cx-api';
import { RUNTIME_ENVIRONMENT } from '../contract/data';
import { AppAtSynth } from '../standards/app-at-synth';
import { scriptsOf, stagedAsset } from '../standards/function-code';
import { Warning } from '../standards/warnings';

const { bundleMarker: MARKER, layers: { node: { module: MODULE } } } = RUNTIME_ENVIRONMENT;

/** Warns of a function whose bundle holds a copy of the runtime, which the layer has already: it is larger, and starts more slowly. */
export function findBundledRuntime(fn: Function): Warning | undefined {
  const resource = fn.node.defaultChild as CfnFunction;
  const asset = stagedAsset(resource, AppAtSynth.of(fn).properties(resource));
  if (!asset || !holdsMarker(scriptsOf(asset))) return undefined;
  const externals = [MODULE, ...defaultExternals(fn)].map(name => `'${name}'`).join(', ');
  return {
    id: 'bundledRuntime',
    message: `The bundle of the function holds a copy of ${MODULE}, which the layer has already. Leave it out; for a NodejsFunction with `
      + `bundling: { externalModules: [${externals}] }, where the first one is new and the others are what it leaves out by default.`,
  };
}

function holdsMarker(scripts: Iterable<string>): boolean {
  for (const script of scripts) if (script.includes(MARKER)) return true;
  return false;
}

/** What a NodejsFunction leaves out unless `externalModules` says otherwise. */
function defaultExternals(fn: Function): string[] {
  const withoutSmithy = FeatureFlags.of(fn).isEnabled(LAMBDA_NODEJS_SDK_V3_EXCLUDE_SMITHY_PACKAGES);
  return ['@aws-sdk/*', ...(withoutSmithy ? ['@smithy/*'] : [])];
}
