import { RequestReport } from './demo-report';
import { Palette } from './palette';
import { ending, leftOutLines, mark, requestLines, wrapped } from './text-report';
import { LeftOut } from '../assembly/local-template';

/** What was seen of a deployed platform. */
export interface PlatformShow {
  /** To its API, and the picture. */
  readonly requests: readonly RequestReport[];
  /** What CloudFront serves of its pages. */
  readonly pages: readonly RequestReport[];
  /** An answer of its API, word for word. */
  readonly answer: string;
  /** The file with the picture. */
  readonly picture?: string;
}

export interface PlatformReport extends PlatformShow {
  readonly name: string;
  /** The folder of the app. */
  readonly example: string;
  readonly deployedResources: number;
  readonly leftOut: readonly LeftOut[];
}

export interface PlatformsReport {
  readonly ok: boolean;
  /** From the start of the command to its end, without `installedInSeconds`. */
  readonly seconds: number;
  readonly installedInSeconds?: number;
  readonly functionsRunOn: string;
  readonly platforms: readonly PlatformReport[];
}

/** What is shown by something else than AWS has. */
const STAND_INS = [
  'SageMaker is a fake on this machine: its text is always the same, and its picture is painted by a formula. It answers, and fails, as '
    + 'SageMaker and the containers do.',
  'CloudFront is the local AWS\'s: it applies the behaviours, the origin access control, the error pages and the headers of the deployed '
    + 'distribution. It has no TLS, no HTTP/3, no cache and no compression.',
  'The network is checked, and nothing passes through it; API Gateway\'s limit of 10 MB, and the second factor of the sign-in, are AWS\'s '
    + 'alone.',
];

export function platformsAsExpected(platforms: readonly PlatformShow[]): boolean {
  return platforms.every(({ requests, pages }) => [...requests, ...pages].every(({ asExpected }) => asExpected));
}

/** The report as a newcomer reads it. */
export function platformsText(report: PlatformsReport, palette: Palette): string {
  return [
    ...report.platforms.flatMap(platform => [...told(platform, report.functionsRunOn, palette)]),
    '',
    palette.strong('What stood in for AWS'),
    ...STAND_INS.flatMap(text => wrapped(text, 2)),
    ...ending(report, palette),
  ].join('\n');
}

function told(platform: PlatformReport, on: string, palette: Palette): string[] {
  const { name, example, deployedResources, leftOut, requests, pages, answer, picture } = platform;
  return [
    '',
    palette.strong(name),
    `  ${mark(true, palette)} ${example} synthesises under AwsSolutions and PlumblineChecks without a finding`,
    `  ${mark(true, palette)} ${deployedResources} resources deployed with the CDK to a local AWS on this machine; `
      + `functions run on its ${on}`,
    ...leftOutLines(leftOut, palette),
    '',
    '  The API',
    ...requestLines(requests, palette),
    ...wrapped(`It answered: ${answer}`, 4).map(line => palette.dim(line)),
    ...picture === undefined ? [] : [`    The picture lies in ${picture}`],
    '',
    '  The pages',
    ...requestLines(pages, palette),
  ];
}
