import { join } from 'path';
import { copyForEmulator, type LocalAssemblyOptions } from './assembly/local-assembly';
import type { LeftOut } from './assembly/local-template';
import type { CdkCli } from './emulator/cdk';
import { ACCOUNT } from './emulator/local-environment';

export interface CopyOptions extends Omit<LocalAssemblyOptions, 'target' | 'account'> {
  readonly cdk: CdkCli;
  /** Where the copies of all stacks lie. */
  readonly folder: string;
  readonly stack: string;
  /** Called when the copy is made, and before it is deployed. */
  onLeftOut?(leftOut: readonly LeftOut[]): void;
}

/** Deploys a copy of an assembly that the local AWS can take. Returns what is left out of it. */
export async function deployCopy({ cdk, folder, stack, onLeftOut, ...options }: CopyOptions): Promise<readonly LeftOut[]> {
  const target = join(folder, 'deployed', stack);
  const leftOut = copyForEmulator({ ...options, target, account: ACCOUNT });
  onLeftOut?.(leftOut);
  await cdk.deploy(target);
  return leftOut;
}
