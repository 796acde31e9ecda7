import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { grantedTables } from './support/granted-table';

const DOCUMENT = join(__dirname, '..', '..', 'docs', 'bedrock-task-role.md');
const SECTION = /(<!-- granted: begin -->\n)[^]*?(\n<!-- granted: end -->)/;

test('docs/bedrock-task-role.md says what the code grants; PLUMBLINE_UPDATE_DOCS=1 writes it', () => {
  const text = readFileSync(DOCUMENT, 'utf8');
  const current = text.replace(SECTION, (_match, begin: string, end: string) => `${begin}${grantedTables()}${end}`);
  expect(text).toMatch(SECTION);
  if (process.env.PLUMBLINE_UPDATE_DOCS) writeFileSync(DOCUMENT, current);
  else expect(text).toBe(current);
});
