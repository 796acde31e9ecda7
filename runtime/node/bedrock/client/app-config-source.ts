import type { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import type { TaskTypeSource, TaskTypesOptions } from './task-types';

interface AppConfigLocation {
  readonly application: string;
  readonly environment: string;
  readonly profile: string;
}

/** The source that `application/environment/profile` names, each an id or a name; undefined when the function has none. */
export function appConfigSource(given: string | undefined, warn: TaskTypesOptions['warn']): TaskTypeSource | undefined {
  if (!given) return undefined;
  const [application, environment, profile, ...rest] = given.split('/');
  if (application && environment && profile && rest.length === 0) return new AppConfigSource({ application, environment, profile });
  warn('taskTypesRejected', { problem: `"${given}" is not application/environment/profile of AppConfig` });
  return undefined;
}

/**
 * AppConfig by its SDK client, loaded with the first fetch: in the layer that is 13 kB and some 10 ms beside the first call, and nothing
 * for a function without AppConfig. The AppConfig extension would need a layer of AWS's, another one in each Region, and a process.
 */
class AppConfigSource implements TaskTypeSource {
  private client: AppConfigDataClient | undefined;
  private token: string | undefined;

  public constructor(private readonly location: AppConfigLocation) {}

  public async fetch(abortSignal: AbortSignal): Promise<string | undefined> {
    const sdk = appConfigSdk();
    this.client ??= new sdk.AppConfigDataClient({ maxAttempts: 1 });
    const ConfigurationToken = this.token ?? await this.startSession(sdk, this.client, abortSignal);
    // A token counts once: after an error only a new session is sure to have a good one.
    this.token = undefined;
    const latest = await this.client.send(new sdk.GetLatestConfigurationCommand({ ConfigurationToken }), { abortSignal });
    this.token = latest.NextPollConfigurationToken;
    return latest.Configuration?.length ? latest.Configuration.transformToString() : undefined;
  }

  private async startSession(sdk: AppConfigSdk, client: AppConfigDataClient, abortSignal: AbortSignal): Promise<string | undefined> {
    const { application, environment, profile } = this.location;
    const session = await client.send(new sdk.StartConfigurationSessionCommand({
      ApplicationIdentifier: application, EnvironmentIdentifier: environment, ConfigurationProfileIdentifier: profile,
    }), { abortSignal });
    return session.InitialConfigurationToken;
  }
}

type AppConfigSdk = typeof import('@aws-sdk/client-appconfigdata');

function appConfigSdk(): AppConfigSdk {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- most functions have no AppConfig and must not load its client
  return require('@aws-sdk/client-appconfigdata') as AppConfigSdk;
}
