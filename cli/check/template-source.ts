/** A template, and what is known of it besides its content. */
export interface TemplateSource {
  /** The path of its stack, or its file as it was named: what a baseline knows it by. */
  readonly name: string;
  /** The path of the stage that deploys it; empty outside of stages. */
  readonly stage: string;
  readonly file: string;
  readonly text: string;
  readonly content: unknown;
  /** For a nested stack: the template that deploys it, and the logical id there. */
  readonly nestedIn?: { readonly file: string; readonly id: string };
  /** The construct's path by logical id. */
  readonly paths?: ReadonlyMap<string, string>;
  /** The ids of acknowledged findings, by the path of the construct that they are written on. */
  readonly acknowledged?: ReadonlyMap<string, readonly string[]>;
}
