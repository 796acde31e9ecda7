import { ArnFormat, CfnMapping, Stack, Token } from 'aws-cdk-lib';
import { Fact, FactName } from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';
import { ModelImage } from './model-config';
import { SAGEMAKER_MODELS } from '../contract/data';
import { teachingError } from '../standards/teaching-error';

/** A deep learning container of AWS, and what needs it. */
export interface DeepLearningContainerOptions {
  readonly title: string;
  readonly image: { readonly repository: string; readonly tag: string };
  /** Regions in which the image, or what it serves, is not there. */
  readonly regionsWithout: readonly string[];
}

/** AWS keeps these images in an account of its own, which is not the same in every Region. */
export function deepLearningContainer(scope: Construct, options: DeepLearningContainerOptions): ModelImage {
  const stack = Stack.of(scope);
  const { repository, tag } = options.image;
  const account = containerAccount(scope, options);
  return {
    uri: `${account}.dkr.ecr.${stack.region}.${stack.urlSuffix}/${repository}:${tag}`,
    repositoryArn: stack.formatArn({
      service: 'ecr', account, resource: 'repository', resourceName: repository, arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    }),
  };
}

/** In a stack without a Region the account comes from a mapping in the template. */
function containerAccount(scope: Construct, { title, regionsWithout }: DeepLearningContainerOptions): string {
  const { region } = Stack.of(scope);
  const accounts = accountsWithout(regionsWithout);
  if (Token.isUnresolved(region)) return mappedAccount(scope, accounts, region);
  const account = accounts.get(region);
  if (account !== undefined) return account;
  throw teachingError(scope, {
    problem: regionsWithout.includes(region)
      ? `JumpStart does not serve ${title} in this Region`
      : 'No account is known that holds the deep learning containers of this Region',
    given: region,
    allowed: [...accounts.keys()].join(', '),
    fix: regionsWithout.includes(region) ? 'deploy to one of these' : 'deploy to one of these, or register the account: ' +
      `Fact.register({ region: '${region}', name: FactName.DLC_REPOSITORY_ACCOUNT, value: '…' })`,
  });
}

/** Account by Region, in the order of their names. What the app registered comes before what the contract knows. */
function accountsWithout(regions: readonly string[]): Map<string, string> {
  const known: Readonly<Record<string, string>> = SAGEMAKER_MODELS.containerAccounts.byRegion;
  const names = [...new Set([...Fact.regions, ...Object.keys(known)])].filter(region => !regions.includes(region)).sort();
  return new Map(names.flatMap(region => {
    const account = Fact.find(region, FactName.DLC_REPOSITORY_ACCOUNT) ?? known[region];
    return account === undefined ? [] : [[region, account] as const];
  }));
}

/** A Region that is not in the mapping fails before anything is created. */
function mappedAccount(scope: Construct, accounts: ReadonlyMap<string, string>, region: string): string {
  const mapping = new CfnMapping(scope, 'ContainerAccounts', {
    mapping: Object.fromEntries([...accounts].map(([name, account]) => [name, { account }])),
  });
  return mapping.findInMap(region, 'account');
}
