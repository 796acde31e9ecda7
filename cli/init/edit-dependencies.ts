/** What the app is to depend on. */
export const PACKAGE = 'cdk-plumbline';
const CDK = 'aws-cdk-lib';

/** Puts the package behind aws-cdk-lib, in the form of that entry; undefined where there is none, or one of a form that nobody knows. */
export function editDependencies(file: string, text: string, version: string): string | undefined {
  if (/\.json$/.test(file)) return editPackageJson(text, version);
  if (/\.txt$/.test(file)) return editRequirements(text, version);
  return editInList(text, version) ?? editAssigned(text, version);
}

/** Whether the file names the package already. */
export function isInDependencies(text: string): boolean {
  return /(?<![\w-])cdk[-_]plumbline(?![\w-])/i.test(text);
}

function editPackageJson(text: string, version: string): string | undefined {
  const entry = new RegExp(`([{,]\\s*)"${CDK}"(\\s*:\\s*)"[^"]*"`).exec(text);
  if (!entry) return undefined;
  const before = entry[1].slice(1);
  let end = entry.index + entry[0].length;
  // Packages stand in the order of the alphabet, where they stand in it at all.
  for (let next = nextEntry(text, end); next && next.name < PACKAGE; next = nextEntry(text, end)) end = next.end;
  const changed = `${text.slice(0, end)},${before}"${PACKAGE}"${entry[2]}"^${version}"${text.slice(end)}`;
  return isJson(changed) ? changed : undefined;
}

function nextEntry(text: string, from: number): { readonly name: string; readonly end: number } | undefined {
  const next = /^,\s*"([^"]+)"\s*:\s*"[^"]*"/.exec(text.slice(from));
  return next ? { name: next[1], end: from + next[0].length } : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''));
    return true;
  } catch {
    return false;
  }
}

/** `aws-cdk-lib==2.275.0` on a line; one with hashes takes only what is hashed too. */
function editRequirements(text: string, version: string): string | undefined {
  const entry = /^[ \t]*aws-cdk-lib\b[^\r\n]*/im.exec(text);
  if (!entry || text.includes('--hash') || entry[0].endsWith('\\')) return undefined;
  const end = entry.index + entry[0].length;
  const lineEnd = /\r\n|\n/.exec(text)?.[0] ?? '\n';
  return `${text.slice(0, end)}${lineEnd}${PACKAGE}>=${version}${text.slice(end)}`;
}

/** `"aws-cdk-lib>=2",` in a list of pyproject.toml or setup.py. */
function editInList(text: string, version: string): string | undefined {
  const entry = /([[(,]\s*)(['"])aws-cdk-lib\b[^'"\r\n]*\2/i.exec(text);
  if (!entry) return undefined;
  const end = entry.index + entry[0].length;
  const [, before, quote] = entry;
  const space = /^\s/.test(before.slice(1)) ? before.slice(1) : ' ';
  return `${text.slice(0, end)},${space}${quote}${PACKAGE}>=${version}${quote}${text.slice(end)}`;
}

/** `aws-cdk-lib = "^2"` of Poetry and Pipenv. */
function editAssigned(text: string, version: string): string | undefined {
  const entry = /^([ \t]*)aws-cdk-lib([ \t]*=[ \t]*)[^\r\n]+(\r?\n|$)/im.exec(text);
  if (!entry) return undefined;
  const end = entry.index + entry[0].length;
  const [, indent, equals, lineEnd] = entry;
  const added = `${indent}${PACKAGE}${equals}">=${version}"`;
  return lineEnd ? `${text.slice(0, end)}${added}${lineEnd}${text.slice(end)}` : `${text}\n${added}`;
}
