import { closingBracket, maskedPython } from './masked';
import { Edited, quoteOf, restOfLine, StandardLines, withLines } from './source-edit';

const IMPORT = /^(?:import[ \t]+aws_cdk\b|from[ \t]+aws_cdk(?:\.core)?[ \t]+import\b)/gm;

/** The lines for an app in Python, with the quotes given. */
export function pythonLines({ product, environment }: StandardLines, { app = 'app', quote = '"' } = {}): [load: string, apply: string] {
  return [
    'from cdk_plumbline import Checks, Standards',
    `Standards.apply(${app}, product=${quote}${product}${quote}, environment=${quote}${environment}${quote}, checks=Checks.WARN)`,
  ];
}

/** Puts the standard into the file that makes the app. */
export function editPython(text: string, standard: StandardLines): Edited {
  const code = maskedPython(text);
  const imports = [...code.matchAll(IMPORT)].map(({ index }) => ({ index, end: endOfStatement(code, index) }));
  if (imports.length === 0) return { refused: 'it does not import aws_cdk at its top' };
  if (/\b(?:Checks|Standards)\b/.test(code)) return { refused: 'it has a Checks or Standards of its own' };
  const apps = [...code.matchAll(appPattern(imports.map(({ index, end }) => code.slice(index, end))))];
  if (apps.length !== 1) return { refused: `it makes ${apps.length === 0 ? 'no' : 'more than one'} App of aws_cdk` };
  const [app] = apps;
  const declared = /(?:^|[\r\n])([ \t]*)(\w+)(?:[ \t]*:[ \t]*[\w.]+)?[ \t]*=[ \t]*$/.exec(code.slice(0, app.index));
  const close = closingBracket(code, app.index + app[0].length - 1);
  if (!declared || close === undefined) return { refused: 'the App is not the value of a variable' };
  if (restOfLine(code, close + 1).trim() !== '') return { refused: 'more follows on the line that makes the App' };
  const [load, apply] = pythonLines(standard, { app: declared[2], quote: quoteOf(code) });
  return { text: withLines(text, [{ after: imports.at(-1)!.end, line: load }, { after: close, line: `${declared[1]}${apply}` }]) };
}

/** A statement goes on in brackets, and behind a backslash. */
function endOfStatement(code: string, start: number): number {
  let at = start;
  while (at < code.length && code[at] !== '\n') {
    const isContinued = code[at] === '\\' && /^\\\r?\n/.test(code.slice(at, at + 3));
    if ('([{'.includes(code[at])) at = closingBracket(code, at) ?? code.length;
    else at = isContinued ? code.indexOf('\n', at) + 1 : at + 1;
  }
  return at;
}

/** `App(` under the names that the imports give to it. */
function appPattern(statements: readonly string[]): RegExp {
  const names = statements.flatMap(statement => {
    const space = /^import[ \t]+aws_cdk(?:[ \t]+as[ \t]+(\w+))?[ \t]*(?:[\r\n,;]|$)/.exec(statement);
    const local = /^from[^]*\bApp\b(?:[ \t]+as[ \t]+(\w+))?/.exec(statement);
    return [space && `${space[1] ?? 'aws_cdk'}\\s*\\.\\s*App`, local && (local[1] ?? 'App')];
  }).filter(name => typeof name === 'string');
  return names.length === 0 ? /(?!)/g : new RegExp(`(?<![\\w.])(?:${names.join('|')})\\s*\\(`, 'g');
}
