import { execFileSync } from 'child_process';
import { join } from 'path';
import { FileImport } from './imports';
import { Sources } from './sources';

/** Every import of one Python file by another, those for types and those inside of functions too: as Python's own parser sees them. */
export function pythonImports(sources: Sources): FileImport[] {
  const input = JSON.stringify(Object.fromEntries(sources));
  const found = execFileSync('python3', [join(__dirname, 'python_imports.py')], { input, encoding: 'utf8' });
  return (JSON.parse(found) as [string, string][]).map(([file, target]) => ({ file, target, position: 0 }));
}
