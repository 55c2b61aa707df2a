/** Where text goes. */
export interface Output {
  readonly isTTY: boolean;
  /** Width of the terminal; 80 when there is none. */
  readonly columns: number;
  write(text: string): void;
}

/** Where answers come from. */
export interface Input {
  readonly isTTY: boolean;
  /** Shows a question and reads one line; `undefined` at the end of the input. */
  ask(question: string): Promise<string | undefined>;
}

/** Why the user or the system wants the command to stop. */
export type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** The world as a command sees it; tests bring their own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: Input;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly platform: string;
  /** Who runs the command, for the session record. */
  readonly user: string | undefined;
  /** Which process it is, for the lease. */
  readonly owner: string;
  /** Calls the listener on the first signal instead of ending the process. Returns the function that stops listening. */
  onStop(listener: (signal: StopSignal) => void): () => void;
  /** Remembers the command that shows the result again, for when stdout cannot take it. */
  keepResult(command: string): void;
}
