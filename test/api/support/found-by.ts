import { App, Stack } from 'aws-cdk-lib';

/** The ids that the checks report at synth, after acknowledgements. */
export function foundBy(stack: Stack): string[] {
  const app = stack.node.root as App;
  const log = jest.spyOn(console, 'log').mockImplementation();
  const error = jest.spyOn(console, 'error').mockImplementation();
  try {
    app.synth();
    return [];
  } catch (failure) {
    const text = [String(failure), ...log.mock.calls.flat(), ...error.mock.calls.flat()].join('\n');
    return [...new Set(text.match(/AwsSolutions-[A-Z0-9]+(\[[^\]]*\])?/g))].sort();
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
}
