import { rollup } from 'rollup';
import dts from 'rollup-plugin-dts';

/**
 * The types of one entry as one file, with those of the packages that are bundled into the layer: a user need not install any of them.
 */
export async function bundledTypes(entry: string): Promise<string> {
  const build = await rollup({
    input: entry,
    external: id => id.startsWith('node:'),
    plugins: [dts({ respectExternal: true })],
    onwarn: ({ message }) => { throw new Error(message); },
  });
  const { output: [{ code }] } = await build.generate({ format: 'es' });
  return [['Bedrock', '@aws-sdk/client-bedrock-runtime'], ['SageMaker', '@aws-sdk/client-sagemaker-runtime']]
    .reduce((types, [service, packageName]) => withInstalledClient(types, service, packageName), code);
}

/**
 * A client fits where the user's own SDK asks for one only by the types of that SDK, so these count where it is installed. TypeScript makes
 * `any` of a type that it cannot find, and of nothing else.
 */
const installedClient = (service: string, packageName: string): string => `
// @ts-ignore -- where the SDK is not installed, its types are those of this file
import type { ${service}Runtime as Installed${service}Runtime } from '${packageName}';
type ${service}Client = string extends keyof Installed${service}Runtime ? ${service}Runtime : Installed${service}Runtime;
`;

function withInstalledClient(code: string, service: string, packageName: string): string {
  const create = `create(props: ${service}ClientProps): `;
  if (!code.includes(`${create}${service}Runtime;`)) throw new Error(`The types of the runtime hold no "${create}${service}Runtime;"`);
  return installedClient(service, packageName) + code.replace(`${create}${service}Runtime;`, `${create}${service}Client;`);
}
