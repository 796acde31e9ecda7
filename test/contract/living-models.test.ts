import { execFileSync } from 'child_process';
import { readFileSync } from 'fs';
import { join } from 'path';
import { MODEL_LIFECYCLE } from '../../src/contract/data';

const ROOT = join(__dirname, '..', '..');
/** What users read or copy, and what they are told. The contract itself lists models of every age. */
const SHOWN = ['README.md', 'API.md', 'docs', 'examples', 'src', 'runtime', 'cli', 'local-stage', 'integ', 'bench'];

test('README, docs, examples and the texts of the code name no model that AWS calls legacy or ended, whatever the day', () => {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...SHOWN], { cwd: ROOT, encoding: 'utf8' })
    .trim().split('\n').filter(file => file && file !== 'src/contract/data.ts');
  expect(files).toEqual(expect.arrayContaining(['README.md', 'src/bedrock/models/allowed-models.ts']));
  const aging = Object.keys(MODEL_LIFECYCLE.models);
  const named = files.flatMap(file => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    return aging.filter(model => text.includes(model)).map(model => `${file}: ${model}`);
  });
  expect(named).toEqual([]);
});
