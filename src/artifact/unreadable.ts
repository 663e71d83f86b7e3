/**
 * A file of the build that the toolchain's own tool cannot make sense of (missing, cut short, of another format). This
 * says something about the build, so it is no InfraError: `judgeBuild` makes a failure of the claim `reads` of it.
 */
export class UnreadableArtifact extends Error {
  /** Relative to the objtree. */
  readonly path: string;
  /** Base name of the tool, or `kinfuzz` where the first bytes already told. */
  readonly tool: string;
  /** The tool's own words. */
  readonly reason: string;

  constructor(path: string, tool: string, reason: string) {
    super(`${tool} cannot read ${path}: ${reason}`);
    this.name = 'UnreadableArtifact';
    this.path = path;
    this.tool = tool;
    this.reason = reason;
  }
}
