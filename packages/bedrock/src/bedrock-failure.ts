/** What went wrong with a reply before the SDK read it. Never leaves this package. */
export class BedrockFailure extends Error {
  override readonly name = "BedrockFailure";
  /** `unreadable`: this is no answer of Bedrock. `cut_off`: it ended before its end. */
  readonly kind: "unreadable" | "cut_off";
  readonly status: number | undefined;

  constructor(kind: BedrockFailure["kind"], words: string, status?: number) {
    super(words);
    this.kind = kind;
    this.status = status;
  }
}
