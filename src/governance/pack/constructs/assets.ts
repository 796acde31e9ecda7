import { existsSync } from 'fs';
import { dirname, join, sep } from 'path';
import { AssetStaging, CfnResource } from 'aws-cdk-lib';
import { RUNTIME_ENVIRONMENT } from '../../../contract/data';
import { JsonRecord } from '../../../contract/template/template-values';
import { scriptsOf, stagedAsset } from '../../../standards/function-code';
import { RUNTIME_LAYER, tryMark } from '../../../standards/marks';
import { Asset } from '../template/template';

const LIBRARY = join(__dirname, '..', '..', '..', '..');
const CDK = dirname(require.resolve('aws-cdk-lib/package.json')) + sep;
const OWN_LAYERS = Object.values(RUNTIME_ENVIRONMENT.layers).map(({ asset }) => join(LIBRARY, asset));

/** The asset that a function or a layer really uses. */
export function assetOf(construct: CfnResource, properties: JsonRecord): Asset | undefined {
  const staging = stagedAsset(construct, properties);
  return staging && {
    of: ownerOf(construct, staging),
    holds: path => existsSync(join(staging.absoluteStagedPath, path)),
    scripts: () => scriptsOf(staging),
  };
}

/** By where the files lie, or by what the library itself did with them: an id or a path in the tree could be anybody's. */
function ownerOf(construct: CfnResource, { sourcePath }: AssetStaging): Asset['of'] {
  if (sourcePath.startsWith(CDK)) return 'cdk';
  return OWN_LAYERS.includes(sourcePath) || tryMark(construct, RUNTIME_LAYER) ? 'plumbline' : undefined;
}
