import { buildLayerUnlessCurrent } from '../../../build-tools/runtime-layer';
import { useOwnTemporaryFolder } from '../../../build-tools/temporary-folder';

/** Before the first test of a run: its temporary folder, and the layer that constructs and boxes use. */
export default function beforeAllTests(): void {
  useOwnTemporaryFolder('plumbline-jest-');
  buildLayerUnlessCurrent();
}
