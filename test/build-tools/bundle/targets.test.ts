import { TARGETS } from '../../../build-tools/bundle/targets';
import { RUNTIME_ENVIRONMENT } from '../../../src/contract/data';

const folders = TARGETS.flatMap(target => target.folders);

test('every layer of the contract is built by a target', () => {
  expect(folders).toEqual(expect.arrayContaining(Object.values(RUNTIME_ENVIRONMENT.layers).map(layer => layer.asset)));
});

test('no target removes what another one has written', () => {
  const inside = folders.filter((folder, index) =>
    folders.some((other, otherIndex) => index !== otherIndex && `${folder}/`.startsWith(`${other}/`)),
  );
  expect(inside).toEqual([]);
});

test('all of it lies under assets/, which is shipped and not committed', () => {
  expect(folders.filter(folder => !folder.startsWith('assets/'))).toEqual([]);
});
