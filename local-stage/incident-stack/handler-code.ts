import { writeFileSync } from 'fs';
import { join } from 'path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

export interface IncidentCodeOptions {
  /** The TypeScript file with the handler. */
  readonly entry: string;
  /** Tells this code from other code of the same folder, which the CDK would take from its cache. */
  readonly name: string;
  /** Changes the bundled code before it is written. */
  readonly edit?: (code: string) => string;
}

/** A TypeScript handler as one file; `cdk-plumbline/runtime` comes from the layer. */
export function incidentCode({ entry, name, edit = code => code }: IncidentCodeOptions): Code {
  return Code.fromAsset(join(entry, '..'), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('docker-is-not-used'),
      command: [name],
      local: {
        tryBundle(outputDirectory: string): boolean {
          const { outputFiles: [{ text }] } = buildSync({
            entryPoints: [entry], bundle: true, platform: 'node', target: 'node22', external: ['cdk-plumbline/runtime'], write: false,
          });
          writeFileSync(join(outputDirectory, 'index.js'), edit(text));
          return true;
        },
      },
    },
  });
}
