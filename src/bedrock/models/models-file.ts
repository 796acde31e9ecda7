import { existsSync, readFileSync } from 'fs';
import { resolve } from 'path';
import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ModelsFile, MODELS_FILE, MODELS_MAX_AGE_DAYS } from '../../contract/models-file';
import { sharedMark } from '../../standards/marks';
import { teachingError } from '../../standards/teaching-error';
import { warn } from '../../standards/warnings';

/** The context key that names another file, from where the app runs, or `false` for none. */
export const MODELS_FILE_KEY = 'cdk-plumbline:modelsFile';

const READ = 'ModelsFiles';
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * What the app's account says of its models: the file beside cdk.json, where the app runs, or the one that the context names. It is
 * read once an app. Undefined where there is none.
 *
 * Errors: the file cannot be read, or the context names one that is not there.
 */
export function tryModelsFile(scope: IConstruct): ModelsFile | undefined {
  const given: unknown = scope.node.tryGetContext(MODELS_FILE_KEY);
  if (given === false || given === 'false') return undefined;
  const name = given ?? MODELS_FILE;
  if (typeof name !== 'string' || name === '') throw noModelsFile(scope, given, `The context value ${MODELS_FILE_KEY} is no file`);
  const files = sharedMark(scope.node.root, READ, () => new Map<string, ModelsFile | undefined>());
  if (!files.has(name)) {
    const path = resolve(name);
    const exists = existsSync(path);
    if (given !== undefined && !exists) throw noModelsFile(scope, given, `The file of the context value ${MODELS_FILE_KEY} does not exist`);
    files.set(name, exists ? ModelsFile.parse(readFileSync(path, 'utf8'), name) : undefined);
  }
  return files.get(name);
}

/** Warns, once a stack, of Regions that were not asked for long. */
export function warnOfOldModels(scope: IConstruct, file: ModelsFile | undefined, regions: readonly string[], day: string): void {
  const oldest = new Date(Date.parse(day) - MODELS_MAX_AGE_DAYS * DAY_MS).toISOString().slice(0, 10);
  for (const region of new Set(regions)) {
    const syncedOn = file?.tryRegion(region)?.syncedOn;
    if (syncedOn === undefined || syncedOn >= oldest) continue;
    warn(Stack.of(scope), {
      id: 'oldModels',
      message: `The account was asked for the models of ${region} on ${syncedOn}, more than ${MODELS_MAX_AGE_DAYS} days ago: ` +
        `plumbline models sync --region ${region}.`,
    });
  }
}

function noModelsFile(scope: IConstruct, given: unknown, problem: string): Error {
  return teachingError(scope, {
    problem,
    given,
    allowed: 'the path of a file that `plumbline models sync --file` wrote, from where the app runs; false for none',
    fix: `write it so in cdk.json, or remove it there: without it the file is ${MODELS_FILE}, where it exists`,
  });
}
