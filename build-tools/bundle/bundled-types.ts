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
  return withInstalledClient(code);
}

/**
 * A client fits where the user's own SDK asks for one only by the types of that SDK, so these count where it is installed. TypeScript makes
 * `any` of a type that it cannot find, and of nothing else.
 */
const CLIENT = `
// @ts-ignore -- where the SDK is not installed, its types are those of this file
import type { BedrockRuntime as InstalledBedrockRuntime } from '@aws-sdk/client-bedrock-runtime';
type BedrockClient = string extends keyof InstalledBedrockRuntime ? BedrockRuntime : InstalledBedrockRuntime;
`;

function withInstalledClient(code: string): string {
  const create = 'create(props: BedrockClientProps): ';
  if (!code.includes(`${create}BedrockRuntime;`)) throw new Error(`The types of the runtime hold no "${create}BedrockRuntime;"`);
  return CLIENT + code.replace(`${create}BedrockRuntime;`, `${create}BedrockClient;`);
}
