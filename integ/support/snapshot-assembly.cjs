'use strict';
const { existsSync, readdirSync, readFileSync, writeFileSync } = require('fs');
const { join } = require('path');

/*
 * Preloaded into every integ case. When the case has ended, its assembly becomes one that can be compared and committed:
 * - integ-runner refuses assemblies newer than schema 53, and aws-cdk-lib writes 55. What the runner reads is the same in
 *   both, so the older number is written. To be removed with an integ-runner that reads 55.
 * - The metadata files hold paths of the machine and notes on which constructs were used, nothing that is deployed.
 */
const READABLE = 53;

process.on('exit', () => {
  const output = process.env.CDK_OUTDIR;
  if (!output || !existsSync(output)) return;
  for (const entry of readdirSync(output, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && /^(cdk\.out|(manifest|integ|.+\.assets)\.json)$/.test(entry.name)) adapt(join(entry.parentPath, entry.name));
  }
});

function adapt(file) {
  const content = JSON.parse(readFileSync(file, 'utf8'));
  if (Number.parseInt(content.version, 10) > READABLE) content.version = `${READABLE}.0.0`;
  for (const artifact of Object.values(content.artifacts ?? {})) delete artifact.additionalMetadataFile;
  writeFileSync(file, JSON.stringify(content, null, 2));
}
