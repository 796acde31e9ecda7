import { existsSync, readdirSync } from 'fs';
import { join } from 'path';
import { bin, ROOT } from './programs';
import { StepContext } from './step';

const EXAMPLES = join(ROOT, 'examples');

/** The examples that are CDK apps, by name. */
export function exampleApps(): string[] {
  return readdirSync(EXAMPLES, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && existsSync(join(EXAMPLES, entry.name, 'app.ts')))
    .map(entry => entry.name);
}

/** The assembly of an example; synthesised once a run. A finding of its checks is an error of the synthesis. */
export async function exampleAssembly(context: StepContext, name: string): Promise<string> {
  const output = join(context.temporary, 'examples', name);
  if (!existsSync(join(output, 'manifest.json'))) {
    await context.run(bin('tsx'), ['app.ts'], { cwd: join(EXAMPLES, name), env: { CDK_OUTDIR: output } });
  }
  return output;
}

/** The CloudFormation templates below a folder, those of nested assemblies too. */
export function templatesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(nested\.)?template\.json$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name));
}
