import { EmulatorClient } from './emulator/emulator-client';
import { functionLog, LogLine } from './emulator/function-log';
import { ApiClient } from './system/api-client';

/** A stack as it was deployed to the local AWS. */
export interface DeployedStack {
  readonly api: ApiClient;
  readonly resourceCount: number;
  /** The log of the function with this construct id. */
  log(id: string): readonly LogLine[];
  /** The physical id of the resource with this construct id; of a nested one, its ids in a row. */
  physicalId(id: string): string;
}

export interface LookUp {
  readonly url: string;
  readonly logs: string;
  readonly client: EmulatorClient;
}

const STAGE = 'prod';

/** The stack's API is the one with the construct id `apiId`. */
export async function lookUpStack({ url, logs, client }: LookUp, stackName: string, apiId = 'Api'): Promise<DeployedStack> {
  const resources = await client.resourcesOf(stackName);
  return {
    api: new ApiClient(`${url}/_aws/execute-api/${physicalId(resources, apiId)}/${STAGE}`),
    resourceCount: resources.size,
    physicalId: id => physicalId(resources, id),
    log: id => functionLog(logs, physicalId(resources, id)),
  };
}

/** The CDK ends the logical id of a top-level resource with eight hexadecimal digits. */
function physicalId(resources: ReadonlyMap<string, string>, id: string): string {
  const found = [...resources].find(([logicalId]) => new RegExp(`^${id}[0-9A-F]{8}$`).test(logicalId));
  if (!found) throw new Error(`There is no ${id} in the deployed stack.`);
  return found[1];
}
