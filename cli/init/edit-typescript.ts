import { closingBracket, maskedTypeScript } from './masked';
import { Edited, restOfLine, StandardLines, withLines } from './source-edit';

const IMPORTS: readonly RegExp[] = [
  /^import\s[^;'"]*?from\s*(['"]) *\1[ \t]*;?/gm,
  /^import\s+\w+\s*=\s*require\s*\(\s*(['"]) *\1\s*\)[ \t]*;?/gm,
  /^(?:const|let|var)\s[^;=]*=\s*require\s*\(\s*(['"]) *\1\s*\)[ \t]*;?/gm,
];
const OF_THE_CDK = /['"](?:aws-cdk-lib(?:\/core)?)['"]/;

/** How a statement brings the CDK. */
interface CdkImport {
  readonly statement: string;
  readonly start: number;
  readonly end: number;
}

/** The lines for an app in TypeScript or JavaScript, with the quotes and semicolons given. */
export function typeScriptLines(
  { product, environment }: StandardLines, { app = 'app', quote = "'", end = ';', isRequire = false } = {},
): [load: string, apply: string] {
  const inQuotes = (value: string): string => `${quote}${value}${quote}`;
  const from = inQuotes('cdk-plumbline');
  return [
    isRequire ? `const { Checks, Standards } = require(${from})${end}` : `import { Checks, Standards } from ${from}${end}`,
    `Standards.apply(${app}, { product: ${inQuotes(product)}, environment: ${inQuotes(environment)}, checks: Checks.WARN })${end}`,
  ];
}

/** Puts the standard into the file that makes the app. */
export function editTypeScript(text: string, standard: StandardLines): Edited {
  const code = maskedTypeScript(text);
  const imports = cdkImports(text, code);
  if (imports.length === 0) return { refused: 'it does not load aws-cdk-lib in a statement of its own' };
  if (/\b(?:Checks|Standards)\b/.test(code)) return { refused: 'it has a Checks or Standards of its own' };
  const apps = [...code.matchAll(appPattern(imports))];
  if (apps.length !== 1) return { refused: `it makes ${apps.length === 0 ? 'no' : 'more than one'} App of aws-cdk-lib` };
  const [app] = apps;
  const declared = /(?:^|[\r\n])([ \t]*)(?:export\s+)?(?:const|let|var)\s+(\w+)(?:\s*:\s*[\w.]+)?\s*=\s*$/.exec(code.slice(0, app.index));
  const close = closingBracket(code, app.index + app[0].length - 1);
  if (!declared || close === undefined) return { refused: 'the App is not the value of a variable' };
  const rest = restOfLine(code, close + 1);
  if (!/^[ \t]*;?[ \t]*$/.test(rest)) return { refused: 'more follows on the line that makes the App' };

  const last = imports.at(-1)!;
  if (restOfLine(code, last.end).trim() !== '') return { refused: 'more follows on the line that loads aws-cdk-lib' };
  const [load, apply] = typeScriptLines(standard, {
    app: declared[2],
    quote: /['"]/.exec(last.statement)![0],
    end: last.statement.endsWith(';') ? ';' : '',
    isRequire: !/^import\s[^=]*from/.test(last.statement) && !last.statement.startsWith('import'),
  });
  return { text: withLines(text, [{ after: last.end, line: load }, { after: close, line: `${declared[1]}${apply}` }]) };
}

function cdkImports(text: string, code: string): CdkImport[] {
  const all = IMPORTS.flatMap(pattern => [...code.matchAll(pattern)]).map(({ index, 0: { length } }) =>
    ({ statement: text.slice(index, index + length), start: index, end: index + length }));
  return all.filter(({ statement }) => OF_THE_CDK.test(statement)).sort((one, other) => one.start - other.start);
}

/** `new App(` under the names that the imports give to it. */
function appPattern(imports: readonly CdkImport[]): RegExp {
  const names = imports.flatMap(({ statement }) => {
    const local = /\bApp\s*(?:as|:)\s*(\w+)/.exec(statement)?.[1];
    const whole = /^import\s+(?:type\s+)?(?:\*\s*as\s+)?(\w+)\s*(?:from|=|,)|^(?:const|let|var)\s+(\w+)\s*=/.exec(statement);
    const space = whole?.[1] ?? whole?.[2];
    return [local ?? (/\{[^}]*\bApp\b/.test(statement) ? 'App' : undefined), space && `${space}\\s*\\.\\s*App`];
  }).filter(name => name !== undefined);
  return names.length === 0 ? /(?!)/g : new RegExp(`\\bnew\\s+(?:${names.join('|')})\\s*\\(`, 'g');
}
