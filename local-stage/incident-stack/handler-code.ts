import { join } from 'path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

export const HANDLERS = join(__dirname, 'handlers');

/** A handler of this stack in TypeScript as one file; `cdk-plumbline/runtime` comes from the layer. */
export function handlerCode(name: string): Code {
  return Code.fromAsset(HANDLERS, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('docker-is-not-used'),
      // Tells this code from that of other handlers of the folder, which the CDK would take from its cache.
      command: [name],
      local: {
        tryBundle(outputDirectory: string): boolean {
          buildSync({
            entryPoints: [join(HANDLERS, `${name}.ts`)],
            outfile: join(outputDirectory, 'index.js'),
            bundle: true,
            platform: 'node',
            target: 'node22',
            external: ['cdk-plumbline/runtime'],
          });
          return true;
        },
      },
    },
  });
}
