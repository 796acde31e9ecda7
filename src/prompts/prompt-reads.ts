/** Which prompts somebody reads from a registry. */
export interface PromptReads {
  /** The ids of the prompts: what their files are called before `.prompt.md`. */
  readonly prompts: string[];

  /**
   * A file with all of these prompts, as `plumbline prompts export` writes it: the copies that the function starts with when the
   * registry cannot be reached. They come to the function in a layer of their own, and it takes a copy only when its hash is the one
   * that it had at synth.
   *
   * Only for functions of this app.
   *
   * @default - no copies: a function that starts while the registry cannot be reached answers with an error
   * @see https://github.com/cdk-plumbline/cdk-plumbline/blob/main/docs/prompts.md
   */
  readonly bundled?: string;
}
