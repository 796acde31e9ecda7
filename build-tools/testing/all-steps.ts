import { Step } from './step';
import { apiDocs } from './steps/api-docs';
import { bundleRuntime, compile, lazyIndex } from './steps/build';
import { generatedFiles } from './steps/generated-files';
import { packageContent } from './steps/package-content';
import { pythonWheel } from './steps/python-wheel';
import { requireBench } from './steps/require-bench';
import { lint, types } from './steps/static-checks';
import { unitTests } from './steps/unit-tests';

/** All of `npm test`. What takes long and waits for nothing stands before what is short. */
export const STEPS: readonly Step[] = [
  generatedFiles,
  bundleRuntime,
  compile,
  lazyIndex,
  unitTests,
  apiDocs,
  packageContent,
  pythonWheel,
  types,
  lint,
  requireBench,
];
