import type { Io } from "../io.js";
import { printableJson } from "./printable-text.js";
import { SecretMask } from "./secret-mask.js";
import { type Style, styleFor } from "./style.js";
import { wrapForTerminal } from "./text-width.js";

/** What decides how a command prints. */
export interface Manner {
  /** One JSON document on stdout instead of text. */
  readonly json: boolean;
  /** Nothing on stderr but errors. */
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** Prints: results on stdout, everything else on stderr, secrets nowhere. Text from outside must come sanitised. */
export class Screen {
  readonly io: Io;
  readonly manner: Manner;
  /** For stderr. */
  readonly style: Style;
  /** For stdout. */
  readonly outStyle: Style;
  #mask: SecretMask;
  readonly #secrets: string[];

  /** @param secrets values to hide; {@link Screen.hide} adds to them */
  constructor(io: Io, manner: Manner, secrets: string[] = []) {
    this.io = io;
    this.manner = manner;
    this.#secrets = secrets;
    this.style = styleFor(io.stderr, io.env);
    this.outStyle = styleFor(io.stdout, io.env);
    this.#mask = new SecretMask(secrets);
  }

  /** Hides these values from now on. */
  hide(secrets: readonly string[]): void {
    this.#secrets.push(...secrets);
    this.#mask = new SecretMask(this.#secrets);
  }

  /** A mask of its own for a stream of text. */
  streamMask(): SecretMask {
    return new SecretMask(this.#secrets);
  }

  /** One line, or several, of a result. */
  result(text: string): void {
    this.io.stdout.write(`${this.#mask.hide(text)}\n`);
  }

  /** The result as JSON. */
  json(value: unknown): void {
    this.io.stdout.write(`${printableJson(this.#mask.hideIn(value))}\n`);
  }

  /** Something for people. */
  note(text = ""): void {
    if (this.manner.quiet !== true) this.always(text);
  }

  /** Something for people who want to know more. */
  detail(text: string): void {
    if (this.manner.verbose === true) this.note(this.style.dim(text));
  }

  /** Something for people that `--quiet` does not silence. On a terminal, lines break at words. */
  always(text: string): void {
    this.io.stderr.write(`${wrapForTerminal(this.#mask.hide(text), this.io.stderr)}\n`);
  }

  /** The same as it is, for what people copy. */
  alwaysWhole(text: string): void {
    this.io.stderr.write(`${this.#mask.hide(text)}\n`);
  }

  /** Text for people as it is, without a line end. */
  piece(text: string): void {
    if (this.manner.quiet !== true) this.io.stderr.write(text);
  }
}
