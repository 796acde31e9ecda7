import { mkdirSync, readFileSync, readdirSync } from 'fs';
import { delimiter, dirname, join, relative } from 'path';
import { wheelPython } from '../../runtime-python';
import { templatesBelow } from '../apps';
import { bin, MACHINE_PATH, ROOT } from '../programs';
import { pipIn } from './pip-in';
import { Step, StepContext } from '../step';
import { templateDifferences } from '../templates';

const TWINS = join(ROOT, 'test', 'python');
const ADOPTION = join(ROOT, 'examples', 'adoption');
const ADOPTION_STEPS = 'PLAIN,WARNED,LAYER,ENVELOPE,DONE';

export const pythonWheel: Step = {
  name: 'wheel',
  description: 'the Python wheel installs, runs the README, and synthesises to what its TypeScript twin does',
  after: ['lazy-index', 'api-docs', 'package', 'pythons'],
  async run(context) {
    const wheel = await buildWheel(context);
    const python3 = wheelPython();
    // What the wheel depends on is there already, and must be what it asks for.
    await pipIn(context, python3, 'install', '--quiet', '--force-reinstall', '--no-deps', wheel);
    await pipIn(context, python3, 'check');
    await context.run(python3, [join(TWINS, 'wrong_input.py')]);
    await context.run(python3, [join(TWINS, 'readme.py')]);
    const python = await synthesise(context, 'python', python3, 'app.py');
    const typescript = await synthesise(context, 'typescript', bin('tsx'), 'app.ts');

    const resources = Object.keys(JSON.parse(python).Resources).length;
    if (resources === 0) throw new Error('the twins synthesise to nothing');
    const differences = templateDifferences(typescript, python);
    if (differences.length > 0) throw new Error(`TypeScript ≠ Python:\n${differences.join('\n')}`);
    const adopted = await findAdoptionDifferences(context, python3);
    if (adopted.differences.length > 0) throw new Error(`examples/adoption: TypeScript ≠ Python:\n${adopted.differences.join('\n')}`);
    context.note(`${resources} resources alike; ${adopted.templates} templates of examples/adoption`);
  },
};

async function buildWheel(context: StepContext): Promise<string> {
  const directory = join(context.temporary, 'dist');
  await context.run(bin('jsii-pacmak'), ['--target', 'python', '--outdir', directory, '--force']);
  const wheel = readdirSync(join(directory, 'python')).find(file => file.endsWith('.whl'));
  if (!wheel) throw new Error('jsii-pacmak has built no wheel');
  return join(directory, 'python', wheel);
}

async function synthesise(context: StepContext, language: string, program: string, app: string): Promise<string> {
  const output = join(context.temporary, `twin-${language}`);
  mkdirSync(output);
  // The README's stack has just passed the CDK's own validation, which takes longer than all of the synthesis.
  await context.run(program, [join(TWINS, app)], { env: { CDK_OUTDIR: output, CDK_VALIDATION: 'false' } });
  return readFileSync(join(output, 'Twin.template.json'), 'utf8');
}

/** The shop of examples/adoption, before the standard and at each step of it, by both languages. */
async function findAdoptionDifferences(context: StepContext, python3: string): Promise<{ templates: number; differences: string[] }> {
  const folderOf = (language: string) => join(context.temporary, `adoption-${language}`);
  const environment = (language: string) => ({
    ADOPTION_STEP: ADOPTION_STEPS, CDK_OUTDIR: folderOf(language), CDK_VALIDATION: 'false', PYTHONDONTWRITEBYTECODE: '1',
  });
  await context.run(bin('tsx'), [join(ADOPTION, 'app.ts')], { env: environment('typescript') });
  // The CDK in Python finds esbuild on the path only.
  const PATH = [MACHINE_PATH, dirname(bin('esbuild'))].join(delimiter);
  await context.run(python3, [join(ADOPTION, 'python', 'app.py')], { env: { ...environment('python'), PATH } });
  const [typescript, python] = ['typescript', 'python'].map(language =>
    templatesBelow(folderOf(language)).map(file => relative(folderOf(language), file)).sort());
  if (typescript.length === 0) throw new Error('examples/adoption synthesises to nothing');
  if (typescript.join() !== python.join()) return { templates: 0, differences: [`${typescript.join()} ≠ ${python.join()}`] };
  const read = (language: string, file: string) => readFileSync(join(folderOf(language), file), 'utf8');
  const differences = typescript.flatMap(file =>
    templateDifferences(read('typescript', file), read('python', file)).map(difference => `${file} ${difference}`));
  return { templates: typescript.length, differences };
}
