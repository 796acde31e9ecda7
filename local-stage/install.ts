import { pythonEnvironment } from './emulator/python-environment';
import { Programs } from './system/programs';
import { STATE_FOLDER } from './system/project';

/** Installs the local AWS where it is absent, for those who measure the demo and not its first run. */
pythonEnvironment(new Programs(), STATE_FOLDER).catch(error => {
  console.error(error);
  process.exitCode = 1;
});
