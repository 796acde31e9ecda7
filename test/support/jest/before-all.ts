import { buildLayerUnlessCurrent } from '../../../build-tools/runtime-layer';
import { useOwnTemporaryFolder } from '../../../build-tools/temporary-folder';

/** Before the first test of a run: its temporary folder, and the layer that constructs and boxes use. */
export default function beforeAllTests(): void {
  /*
   * The CDK's own validation of templates takes 7 s in every file of tests that synthesises, and in every process that such a test starts.
   * It stays on where apps are whole: in the step `examples` of `npm test`, and in the demo.
   */
  process.env.CDK_VALIDATION = 'false';
  useOwnTemporaryFolder('plumbline-jest-');
  buildLayerUnlessCurrent();
}
