import { CouldNotRun } from '../system/could-not-run';

/** A service that a command asks. */
export interface AskedService {
  readonly name: string;
  /** What comes before the colon in the names of its actions. */
  readonly prefix: string;
  /** The actions that the command needs. */
  readonly needs: readonly string[];
}

/** What was asked when AWS did not answer. */
export interface Asked {
  readonly operation: string;
  readonly region: string;
  readonly attempts: number;
  readonly service: AskedService;
}

/** What to do about an error, by its name or its code. */
const ADVICE: readonly { readonly names: RegExp; readonly operation?: string; readonly advice: (asked: Asked) => string }[] = [
  {
    names: /^(ValidationException|ResourceNotFound)/,
    operation: 'CountTokens',
    advice: ({ region }) => `CountTokens does not know every model, nor in every Region: if ${region} does not count for this one, ` +
      'publish with --no-token-count. A tech_lead has to approve it too.',
  },
  {
    names: /^AccessDenied/,
    advice: ({ operation, service: { prefix, needs } }) => `Allow ${prefix}:${operation} to these credentials; the command needs ` +
      `${needs.map(action => `${prefix}:${action}`).join(', ').replace(/, (?=[^,]*$)/, ' and ')}, and no more.`,
  },
  {
    names: /^(Throttling|TooManyRequests|RequestLimitExceeded)/,
    advice: ({ attempts }) => `It was tried ${attempts} times. Try again later, or ask for fewer Regions at once.`,
  },
  {
    names: /^(CredentialsProviderError|TokenProviderError)/,
    advice: () => 'Log in (aws sso login, aws login), name a profile by --profile, or set AWS_PROFILE.',
  },
  {
    names: /^(ExpiredToken|RequestExpired|InvalidSignature|SignatureDoesNotMatch)/,
    advice: () => 'Log in again, and look whether the clock of this machine is right.',
  },
  {
    names: /^(UnrecognizedClientException|InvalidClientTokenId|OptInRequired)/,
    advice: ({ region }) => `AWS does not know the credentials there: log in again, or enable ${region} in the account.`,
  },
  {
    names: /^(ENOTFOUND|EAI_AGAIN)/,
    advice: ({ region, service: { name } }) =>
      `There is no ${name} in ${region}, or no way to it from here: look at --region and at the network.`,
  },
  {
    names: /^(ECONN|EPIPE|TimeoutError|ETIMEDOUT|CERT_|SELF_SIGNED|UNABLE_TO)/,
    advice: () => 'Look at the network: a proxy needs NODE_USE_ENV_PROXY=1 beside HTTPS_PROXY (Node 24), ' +
      'its certificate NODE_EXTRA_CA_CERTS.',
  },
];

/** An error of AWS, or of the way to it, as one that says where it happened and what to do. */
export function awsFault(error: Error & { readonly code?: string }, asked: Asked): CouldNotRun {
  const found = ADVICE.find(({ names, operation = asked.operation }) => operation === asked.operation
    && (names.test(error.name) || names.test(error.code ?? '')));
  const said = `${asked.region}: ${asked.operation} failed with ${error.name}: ${error.message || error.code}`;
  return new CouldNotRun([said, ...found ? [found.advice(asked)] : []].join('\n'));
}
