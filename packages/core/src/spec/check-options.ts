/** What `checkSpec` needs to know about its surroundings. */
export interface CheckOptions {
  /** Whether every model is simulated, so that names of providers do not matter. @defaultValue false */
  readonly offline?: boolean;
  /** Names of further providers that exist here. @defaultValue the providers of the format and `offline` */
  readonly providers?: readonly string[];
  /** Whether the shape is known to be broken: what cannot be judged is passed over. @defaultValue false */
  readonly partial?: boolean;
}
