import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Component, Project } from 'projen';

export interface GeneratedPartOptions {
  /** The file, from the root of the project. */
  readonly file: string;
  /** The line above the part. */
  readonly after: string;
  /** The line below the part. */
  readonly before: string;
  readonly lines: readonly string[];
}

/** Some lines of a file whose rest is written by hand. */
export class GeneratedPart extends Component {
  constructor(project: Project, private readonly options: GeneratedPartOptions) {
    super(project);
  }

  public override synthesize(): void {
    const { file, after, before, lines } = this.options;
    const path = join(this.project.outdir, file);
    const text = readFileSync(path, 'utf8');
    const start = text.indexOf(`${after}\n`) + after.length + 1;
    const end = text.indexOf(`${before}\n`, start);
    if (start <= after.length || end < 0) throw new Error(`${file} lacks the two lines between which projen writes:\n${after}\n${before}`);
    const current = text.slice(0, start) + lines.map(line => `${line}\n`).join('') + text.slice(end);
    if (current !== text) writeFileSync(path, current);
  }
}
