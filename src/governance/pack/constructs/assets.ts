import { existsSync } from 'fs';
import { dirname, join, sep } from 'path';
import { AssetStaging, CfnResource } from 'aws-cdk-lib';
import { RUNTIME_ENVIRONMENT } from '../../../contract/data';
import { Asset } from '../template/template';
import { JsonRecord } from '../template/template-values';

/** Where a construct keeps the files of its function or layer: an `Asset`, or those of the CDK's custom resources. */
const PLACES = [['Code', 'Stage'], ['Staging']];
const LIBRARY = join(__dirname, '..', '..', '..', '..');
const CDK = dirname(require.resolve('aws-cdk-lib/package.json')) + sep;
const OWN_LAYERS = Object.values(RUNTIME_ENVIRONMENT.layers).map(({ asset }) => join(LIBRARY, asset));

/** The asset that a function or a layer really uses: the one whose hash its template names. */
export function assetOf(construct: CfnResource, properties: JsonRecord): Asset | undefined {
  const staging = PLACES.map(place => stagingAt(construct, place)).find(found => found !== undefined);
  if (!staging || !JSON.stringify(properties.Code ?? properties.Content ?? '').includes(staging.assetHash)) return undefined;
  return { of: ownerOf(staging.sourcePath), holds: path => existsSync(join(staging.absoluteStagedPath, path)) };
}

function stagingAt(construct: CfnResource, place: string[]): AssetStaging | undefined {
  let node = construct.node.scope;
  for (const id of place) node = node?.node.tryFindChild(id);
  return node instanceof AssetStaging ? node : undefined;
}

/** By where the files lie: an id or a path in the tree could be anybody's. */
function ownerOf(path: string): Asset['of'] {
  if (path.startsWith(CDK)) return 'cdk';
  return OWN_LAYERS.includes(path) ? 'plumbline' : undefined;
}
