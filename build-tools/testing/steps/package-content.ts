import { existsSync, readFileSync } from 'fs';
import { join, posix } from 'path';
import { LIBRARY_FUNCTIONS } from '../../../src/contract/data';
import { ROOT } from '../programs';
import { Step } from '../step';

/** What a user of the package needs. Each pattern has to match at least one file of it. */
const NEEDED: readonly RegExp[] = [
  /^package\.json$/, /^README\.md$/, /^LICENSE$/, /^API\.md$/,
  /^\.jsii$/, /^lib\/index\.js$/, /^lib\/index\.d\.ts$/,
  /^contract\/envelope\.schema\.json$/, /^contract\/metric-catalog\.json$/,
  /^assets\/runtime\/node-layer\/.+\.mjs$/, /^assets\/runtime\/python-layer\/python\/plumbline_layer\.py$/,
  /^assets\/runtime\/types\/index\.d\.ts$/, /^runtime\/package\.json$/, /^assets\/cli\/(plumbline|aws)\.js$/, /^docs\/checks\.md$/,
  ...Object.keys(LIBRARY_FUNCTIONS.functions).map(name => new RegExp(`^${LIBRARY_FUNCTIONS.asset}/${name}/index\\.js$`)),
];

/** All that may be in it: a new folder is published on purpose or not at all. */
const ALLOWED: readonly RegExp[] = [
  /^(package\.json|README\.md|LICENSE|API\.md|\.jsii|tsconfig\.tsbuildinfo)$/,
  /^lib\/.+\.(js|d\.ts)$/,
  /^contract\/([a-z/-]+\.json|[a-z/-]+\.schema\.json)$/,
  /^docs\/[a-z-]+\.md$/, /^docs\/pictures\/[a-z-]+\.jpg$/,
  /^assets\/runtime\/types\/.+\.d\.ts$/,
  /^assets\/runtime\/node-layer\/.+\.(mjs|cjs|js|json)$/,
  /^assets\/runtime\/python-layer\/.+\.(py|json)$/, /^assets\/runtime\/python-layer\/.+\/__pycache__\/\w+\.cpython-3\d\d\.pyc$/,
  /^assets\/runtime\/python-layer\/python\/plumbline\/(py\.typed|contract_data\/version\.txt)$/,
  /^assets\/functions\/[a-z-]+\/index\.js$/, /^runtime\/(package\.json|README\.md)$/, /^assets\/cli\/(plumbline|aws)\.js$/,
];

/** In Python they say something by being there. */
const EMPTY_BY_RIGHT = /\/(__init__\.py|py\.typed)$/;

export interface PackedFile {
  readonly path: string;
  readonly size: number;
}

export const packageContent: Step = {
  name: 'package',
  description: 'the npm package holds what a user needs, and nothing else',
  after: ['lazy-index', 'api-docs'],
  async run(context) {
    if (!existsSync(join(ROOT, 'lib', 'index.js'))) throw new Error('lib/ is not compiled: run the step `compile` first');
    const [{ files, size }] = JSON.parse(await context.run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { quiet: true }));
    const faults = [...packageFaults(files), ...deadLinks(files, path => readFileSync(join(ROOT, path), 'utf8'))];
    if (faults.length > 0) throw new Error(faults.join('\n'));
    context.note(`${files.length} files, ${(size / 1e6).toFixed(2)} MB`);
  },
};

/** The links of the pages in the package that lead to nothing in it, and those to no heading. */
export function deadLinks(files: readonly PackedFile[], read: (path: string) => string): string[] {
  const paths = new Set(files.map(file => file.path));
  const pages = [...paths].filter(path => path.endsWith('.md') && path !== 'API.md');
  return pages.flatMap(page => linksOf(read(page)).flatMap(link => {
    const [file, heading] = link.split('#');
    const target = file === '' ? page : posix.join(posix.dirname(page), file);
    if (!paths.has(target)) return [`dead link: ${page} → ${link}`];
    const isFound = heading === undefined || !target.endsWith('.md') || headingsOf(read(target)).includes(heading);
    return isFound ? [] : [`no heading: ${page} → ${link}`];
  }));
}

/** Those that are no addresses. */
function linksOf(markdown: string): string[] {
  const text = markdown.replace(/^```[^]*?^```/gm, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link).filter(link => !/^[a-z]+:/.test(link));
}

/** As GitHub names them, and the anchors that stand above some. */
function headingsOf(markdown: string): string[] {
  const titles = [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title.toLowerCase());
  const anchors = [...markdown.matchAll(/^<a id="([^"]+)"><\/a>$/gm)].map(([, id]) => id);
  return [...anchors, ...titles.map(title => title.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-'))];
}

/** One line a fault. */
export function packageFaults(files: readonly PackedFile[]): string[] {
  const paths = files.map(file => file.path);
  return [
    ...NEEDED.filter(pattern => !paths.some(path => pattern.test(path))).map(pattern => `missing: nothing matches ${pattern}`),
    ...paths.filter(path => !ALLOWED.some(pattern => pattern.test(path))).map(path => `not for users: ${path}`),
    ...files.filter(file => file.size === 0 && !EMPTY_BY_RIGHT.test(file.path)).map(file => `empty: ${file.path}`),
  ];
}
