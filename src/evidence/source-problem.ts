/** A path that cannot be read as evidence, or a bundle that cannot be written; the message ends with what to do. */
export class SourceProblem extends Error {
  override readonly name = "SourceProblem";
}
