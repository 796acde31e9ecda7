import { readFileSync, writeFileSync } from 'fs';
import { adapterLibraries } from '../../../build-tools/adapter-libraries';
import { hostilePage, PAGE } from '../../support/hostile-handlers/page';
import { hostileRows, type HostileRow } from '../../support/hostile-handlers/table';

jest.setTimeout(180_000);
// Installed when absent, which takes longer than a test may: while the module loads.
adapterLibraries();

let rows: HostileRow[];
beforeAll(async () => { rows = await hostileRows(); });

test('there are at least 60 shapes of handler', () => {
  expect(new Set(rows.map(({ shape }) => shape)).size).toBeGreaterThanOrEqual(60);
});

test('each of them answers with an envelope, or throws at what is no HTTP request, and lets nothing out', () => {
  const broken = rows.flatMap(
    ({ shape, answered, cells }) => cells.filter(({ kept }) => !kept).map(({ text }) => `${shape}, ${answered}: ${text}`),
  );
  expect(broken).toEqual([]);
});

test('docs/hostile-handlers.md shows what they do today; PLUMBLINE_UPDATE_DOCS=1 writes it', () => {
  if (process.env.PLUMBLINE_UPDATE_DOCS) writeFileSync(PAGE, hostilePage(rows));
  expect(readFileSync(PAGE, 'utf8')).toBe(hostilePage(rows));
});
