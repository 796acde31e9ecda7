import { oldestPython } from '../../runtime-python';
import { PIP, pipOf } from '../../virtual-environment';
import { StepContext } from '../step';

/** Does with the packages of a Python what pip is told. */
export async function pipIn(context: StepContext, python: string, ...command: readonly string[]): Promise<void> {
  await context.run(pipOf(oldestPython()), [...PIP, '--python', python, ...command]);
}
