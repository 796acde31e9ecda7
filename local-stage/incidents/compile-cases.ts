import { writeFileSync } from 'fs';
import { join } from 'path';
import * as ts from 'typescript';
import { ROOT } from '../system/project';

const CASES = {
  renamedMetric: "emitMetric('BedrockInvocations', 1, { model_id: 'any', task_type: 'synthesis' });",
  canonicalMetric: "emitMetric('BedrockInvocationCount', 1, { model_id: 'any', task_type: 'synthesis' });",
};

export type CompileCase = keyof typeof CASES;

/** Compiles each case against the types that the package ships; undefined when the compiler has nothing to say. */
export function runCompileCases(folder: string): Readonly<Partial<Record<CompileCase, string>>> {
  const files = Object.entries(CASES).map(([name, line]) => {
    const file = join(folder, `${name}.ts`);
    writeFileSync(file, `import { emitMetric } from 'cdk-plumbline/runtime';\n${line}\n`);
    return { name, file };
  });
  const program = ts.createProgram(files.map(({ file }) => file), {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
    types: [],
    paths: { 'cdk-plumbline/runtime': [join(ROOT, 'assets', 'runtime', 'types', 'index.d.ts')] },
  });
  return Object.fromEntries(files.flatMap(({ name, file }) => {
    const [diagnostic] = program.getSemanticDiagnostics(program.getSourceFile(file));
    return diagnostic ? [[name, messageOf(diagnostic)]] : [];
  }));
}

function messageOf({ code, messageText }: ts.Diagnostic): string {
  return `error TS${code}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
}
