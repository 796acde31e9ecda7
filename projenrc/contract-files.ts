import { Component, Project } from 'projen';
import { AlarmsPage } from './alarms-page';
import { CheckIndex, ChecksPage } from './check-files';
import { contractData } from './contract-data';
import { GeneratedPart } from './generated-part';
import { MetricsPage } from './metrics-page';
import { TypedContract } from './typed-contract';

/** Everything that is written from contract/*.json, so that a new entry there needs no further hand. */
export class ContractFiles extends Component {
  constructor(project: Project) {
    super(project);
    const { ERROR_CODES, METRIC_CATALOG } = contractData(project.outdir);

    new TypedContract(project);
    new CheckIndex(project);
    new ChecksPage(project);
    new AlarmsPage(project);
    new MetricsPage(project);

    // jsii takes only static members that are written out.
    new GeneratedPart(project, {
      file: 'src/observability/catalog-metric.ts',
      after: '  // Written by projen from contract/metric-catalog.json:',
      before: '  // End of what projen writes.',
      lines: METRIC_CATALOG.metrics.flatMap(({ id, constant, description }) => [
        `  /** ${description} */`,
        `  public static readonly ${constant} = CatalogMetric.fromCatalog('${id}');`,
      ]),
    });

    const codes = Object.keys(ERROR_CODES.codes);
    new PythonLiteral(project, 'runtime/python/plumbline/envelope/error_mapping.py', codes);
    new PythonLiteral(project, 'runtime/python/plumbline/telemetry/metrics.py', METRIC_CATALOG.metrics.map(({ id }) => id));
    new GeneratedPart(project, {
      file: 'contract/envelope.schema.json',
      after: '              "enum": [',
      before: '              ]',
      lines: codes.map((code, index) => `                "${code}"${index < codes.length - 1 ? ',' : ''}`),
    });
  }
}

/** A type of the Python runtime that is one of these texts: mypy takes only what is written out. */
class PythonLiteral extends GeneratedPart {
  constructor(project: Project, file: string, values: readonly string[]) {
    const lines = [...values.map(value => `    "${value}",`), ']'];
    super(project, { file, after: ' = Literal[', before: '# End of what projen writes.', lines });
  }
}
