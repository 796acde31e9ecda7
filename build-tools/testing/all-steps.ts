import { Step } from './step';
import { apiDocs } from './steps/api-docs';
import { bundleRuntime, compile, lazyIndex } from './steps/build';
import { cfnLint } from './steps/cfn-lint';
import { demo } from './steps/demo';
import { examples } from './steps/examples';
import { generatedFiles } from './steps/generated-files';
import { integSnapshots } from './steps/integ-snapshots';
import { packageContent } from './steps/package-content';
import { lambda, pythons } from './steps/preparation';
import { pythonRuntime } from './steps/python-runtime';
import { pythonWheel } from './steps/python-wheel';
import { requireBench } from './steps/require-bench';
import { runtimeWheel } from './steps/runtime-wheel';
import { lint, types } from './steps/static-checks';
import { boxTests, constructTests, functionTests, runtimeTests, unitTests } from './steps/unit-tests';

/** All of `npm test`. The steps of jest stand early: they take longest, and short steps fill what a lane has left at the end. */
export const STEPS: readonly Step[] = [
  generatedFiles,
  pythons,
  bundleRuntime,
  lambda,
  compile,
  constructTests,
  runtimeTests,
  unitTests,
  functionTests,
  boxTests,
  lazyIndex,
  apiDocs,
  packageContent,
  pythonRuntime,
  pythonWheel,
  runtimeWheel,
  types,
  lint,
  examples,
  integSnapshots,
  cfnLint,
  requireBench,
  demo,
];
