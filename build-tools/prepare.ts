import { adapterLibraries } from './adapter-libraries';
import { lambdaNode } from './lambda-node';
import { runtimeInterfaceClient } from './runtime-interface-client';
import {
  cfnLintProgram, lambdaPython, layerPackages, newestPython, oldestPython, runtimePython, shellcheck, wheelPython,
} from './runtime-python';

/** What a clean machine lacks. Whoever needs a part of it installs that part itself; all of it at once need not keep a test waiting. */
const PARTS: Readonly<Record<string, () => void>> = {
  lambda: () => {
    lambdaNode(24);
    lambdaNode(22);
    runtimeInterfaceClient(24);
    runtimeInterfaceClient(22);
    adapterLibraries();
  },
  pythons: () => {
    // First what the bundler waits for.
    layerPackages();
    runtimePython();
    lambdaPython(newestPython());
    lambdaPython(oldestPython());
    shellcheck();
    wheelPython();
    cfnLintProgram();
  },
};

for (const part of process.argv.slice(2)) PARTS[part]();
