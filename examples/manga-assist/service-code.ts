import { join } from 'path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

/** A service's TypeScript as one file; `cdk-plumbline/runtime` comes from the layer. */
export function serviceCode(service: string): Code {
  const directory = join(__dirname, 'services', service);
  return Code.fromAsset(directory, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('docker-is-not-used'),
      local: {
        tryBundle(outputDirectory: string): boolean {
          buildSync({
            entryPoints: [join(directory, 'index.ts')],
            outfile: join(outputDirectory, 'index.js'),
            bundle: true,
            minify: true,
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
