import type { HeaderSource } from "@strands/provider-kit";

/** What went wrong with a reply before anything of it was used. Never leaves this package. */
export class OllamaFailure extends Error {
  override readonly name = "OllamaFailure";
  /** `refused`: the server says why. `unreadable`: this is no answer of Ollama. `cut_off`: it ended before its end. */
  readonly kind: "refused" | "unreadable" | "cut_off";
  readonly status: number | undefined;
  readonly headers: HeaderSource | undefined;

  constructor(kind: OllamaFailure["kind"], words: string, status?: number, headers?: HeaderSource) {
    super(words);
    this.kind = kind;
    this.status = status;
    this.headers = headers;
  }
}
