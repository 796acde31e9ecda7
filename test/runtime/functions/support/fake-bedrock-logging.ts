import { failure, FakeApi, type FakeOperation } from '../../../support/fake-api';

export const STACK = 'arn:aws:cloudformation:us-east-1:123456789012:stack/Stack/0a1b';
export const ROLE = 'arn:aws:iam::123456789012:role/logging';

type Configuration = Record<string, unknown>;

const asGiven = (given: Configuration): Configuration => given;

/** An account with the setting that Bedrock has once a Region, and SSM parameters. */
export class FakeBedrockLogging {
  public static async start(): Promise<FakeBedrockLogging> {
    return new FakeBedrockLogging(await FakeApi.start());
  }

  public configuration: Configuration | undefined;
  public readonly parameters = new Map<string, string>();
  /** How Bedrock tells of what it was given. */
  public normalise = asGiven;

  private constructor(public readonly api: FakeApi) {}

  public readonly get: FakeOperation = () => (this.configuration ? { loggingConfig: this.configuration } : {});
  public readonly put: FakeOperation = ({ loggingConfig }: { loggingConfig: Configuration }) => {
    this.configuration = this.normalise(loggingConfig);
    return {};
  };
  public readonly delete: FakeOperation = () => {
    this.configuration = undefined;
    return {};
  };

  public reset(): void {
    this.configuration = undefined;
    this.normalise = asGiven;
    this.parameters.clear();
    this.api.answer({
      'GET /logging/modelinvocations': this.get,
      'PUT /logging/modelinvocations': this.put,
      'DELETE /logging/modelinvocations': this.delete,
      'GetParameter': ({ Name }: { Name: string }) => this.parameters.has(Name)
        ? { Parameter: { Name, Value: this.parameters.get(Name) } } : failure('ParameterNotFound'),
      'PutParameter': ({ Name, Value, Overwrite }: { Name: string; Value: string; Overwrite: boolean }) => {
        if (this.parameters.has(Name) && !Overwrite) return failure('ParameterAlreadyExists');
        this.parameters.set(Name, Value);
        return { Version: 1 };
      },
      'DeleteParameter': ({ Name }: { Name: string }) => this.parameters.delete(Name) ? {} : failure('ParameterNotFound'),
    });
  }

  public record(name: string): unknown {
    return JSON.parse(this.parameters.get(name)!);
  }
}
