import { ACCOUNT, localEnvironment, REGION } from './local-environment';
import { Programs, ProgramResult } from '../system/programs';
import { bin } from '../system/project';

const QUIET = ['--no-notices', '--no-version-reporting', '--ci', '--no-color'];

/** The CDK CLI, with the local AWS for its account. */
export class CdkCli {
  constructor(private readonly programs: Programs, private readonly url: string, private readonly folder: string) {}

  public bootstrap(): Promise<ProgramResult> {
    return this.cdk(['bootstrap', `aws://${ACCOUNT}/${REGION}`]);
  }

  public deploy(assembly: string): Promise<ProgramResult> {
    return this.cdk(['deploy', '--app', assembly, '--all', '--method', 'direct', '--require-approval', 'never', '--progress', 'events']);
  }

  private cdk(args: readonly string[]): Promise<ProgramResult> {
    return this.programs.run(bin('cdk'), [...args, ...QUIET], {
      // Away from any cdk.json.
      cwd: this.folder,
      env: { ...localEnvironment(this.url), CDK_DISABLE_CLI_TELEMETRY: 'true' },
    });
  }
}
