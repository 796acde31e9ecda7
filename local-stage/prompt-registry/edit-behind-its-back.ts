import { createHash } from 'crypto';
import { editPrompt } from './prompt-edit';
import { CHAT_PROMPT, FIRST, PRODUCTION } from './registered-prompts';
import { currentKey, environmentObject } from '../../src/contract/prompts/registry-keys';
import { itemOf, membersOf, TableItem } from '../../src/contract/prompts/table-items';
import { EmulatorClient } from '../emulator/emulator-client';

/** Where a registry keeps its prompts. */
export interface RegistryStorage {
  readonly bucket: string;
  readonly table: string;
}

const EDITED = { environment: PRODUCTION, id: CHAT_PROMPT, version: FIRST };

/**
 * Edits what is deployed as somebody would whom no policy stops: other words over the object, and in the table the object's new version
 * and checksum. The version number stays. Only the signature cannot be made anew.
 */
export async function editBehindItsBack(client: EmulatorClient, { bucket, table }: RegistryStorage): Promise<void> {
  const key = environmentObject(EDITED);
  const edited = editPrompt(await client.object(bucket, key));
  const objectVersion = await client.putObject(bucket, key, edited);
  const { Item } = await client.dynamodb<{ Item: TableItem }>('GetItem', { TableName: table, Key: itemOf({ ...currentKey(EDITED) }) });
  const deployment = membersOf(Item) as { active: object };
  const active = { ...deployment.active, object_version_id: objectVersion, sha256: createHash('sha256').update(edited).digest('hex') };
  await client.dynamodb('PutItem', { TableName: table, Item: itemOf({ ...deployment, active }) });
}
