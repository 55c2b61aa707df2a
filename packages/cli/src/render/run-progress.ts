import type { EventOf, WorkflowEvent } from "@strands/sdk";
import { counted, formatDuration } from "./amounts.js";
import { answerVerb } from "./answer-verb.js";
import { PrintableText, printableLine } from "./printable-text.js";
import type { Screen } from "./screen.js";
import type { SecretMask } from "./secret-mask.js";
import { cutToWidth } from "./text-width.js";
import { WrappingText } from "./wrapping-text.js";

/** A step being shown. */
interface ShownStep {
  readonly startedAt: number;
  readonly printable: PrintableText;
  readonly mask: SecretMask;
  readonly wrapping: WrappingText;
}

/**
 * Shows a run on stderr while it happens: on a terminal every token, elsewhere one line per step.
 */
export class RunProgress {
  readonly #screen: Screen;
  readonly #streaming: boolean;
  readonly #simulated: boolean;
  readonly #steps = new Map<string, ShownStep>();
  #stepCount: number | undefined;
  #sessionId: string | undefined;
  /** Ids of questions whose answer was shown. */
  readonly #answers = new Set<string>();
  /** Step whose tokens the cursor is in. */
  #current: string | undefined;
  #atLineStart = true;
  #lastShown: string | undefined;

  constructor(screen: Screen, { simulated }: { readonly simulated: boolean }) {
    this.#screen = screen;
    this.#simulated = simulated;
    this.#streaming = screen.io.stderr.isTTY && screen.manner.quiet !== true;
  }

  /** Whether this text was the last thing streamed to the terminal. */
  hasShown(response: string): boolean {
    return this.#streaming && this.#lastShown === response;
  }

  /** The session, once the run has begun. */
  get sessionId(): string | undefined {
    return this.#sessionId;
  }

  show(event: WorkflowEvent): void {
    switch (event.type) {
      case "workflow_start":
        this.#stepCount = event.stepCount;
        this.#sessionId = event.sessionId;
        this.#line(`${event.resumed ? "Resuming" : "Running"} workflow: ${printableLine(event.workflowName)}`);
        this.#sayDone(event.stepsDone);
        if (this.#simulated)
          this.#line(this.#screen.style.yellow("Simulated: the offline model answers; it knows nothing."));
        break;
      case "step_start":
        this.#begin(event);
        break;
      case "token":
        if (this.#streaming) this.#token(event);
        break;
      case "step_retry":
        this.#retry(event);
        break;
      case "output_refused":
        this.#refused(event);
        break;
      case "answer_incomplete": {
        const { stepKey, agentId, reason } = event;
        this.#finishText();
        const text = `! ${this.#place(stepKey)}${printableLine(agentId)}: ${incomplete[reason]}`;
        this.#line(this.#screen.style.yellow(text));
        break;
      }
      case "tool_start":
        this.#line(`  ${this.#screen.style.dim(`→ ${printableLine(event.call.name)}`)}`);
        break;
      case "tool_complete":
        if (event.result.isError)
          this.#line(`  ${this.#screen.style.yellow(`✗ ${printableLine(event.result.name)} failed`)}`);
        break;
      case "step_complete":
        if (!event.replayed) this.#complete(event);
        break;
      case "interrupt_answered":
        this.#answered(event);
        break;
      case "answer_refused":
        this.#line(
          this.#screen.style.yellow(
            `! ${printableLine(event.interrupt.stepKey)}: ${printableLine(event.error.message)}`,
          ),
        );
        break;
      case "budget_warning":
        this.#line(this.#screen.style.yellow(`! budget ${event.budget}: ${event.used} of ${event.limit} used`));
        break;
      case "interrupt_pending":
      case "artifact_written":
      case "workflow_complete":
      case "workflow_paused":
      case "workflow_cancelled":
      case "workflow_error":
      case "listener_error":
        break;
    }
  }

  /** Puts the cursor at the start of a line: the run has ended. */
  end(): void {
    this.#finishText();
    this.#leaveText();
  }

  #begin({ stepKey, agentId, timestamp }: EventOf<"step_start">): void {
    this.#steps.set(stepKey, this.#newStep(timestamp));
    if (this.#streaming) this.#header(stepKey, agentId);
  }

  #newStep(startedAt: number): ShownStep {
    const { stderr } = this.#screen.io;
    const wrapping = new WrappingText(() => stderr.columns);
    return { startedAt, printable: new PrintableText(), mask: this.#screen.streamMask(), wrapping };
  }

  #header(stepKey: string, agentId: string): void {
    const { cyan, bold } = this.#screen.style;
    this.#line(`${cyan("▸")} ${this.#place(stepKey)}${bold(printableLine(agentId))} …`);
    this.#current = stepKey;
  }

  #token({ stepKey, agentId, text }: EventOf<"token">): void {
    const step = this.#steps.get(stepKey);
    if (step === undefined) return;
    if (this.#current !== stepKey) {
      this.#finishText();
      this.#header(stepKey, agentId);
    }
    this.#write(step.wrapping.push(step.mask.push(step.printable.push(text))));
  }

  #retry({ stepKey, agentId, attempt, delayMs, error, timestamp }: EventOf<"step_retry">): void {
    this.#finishText();
    // The line says already whose attempt it was.
    const told = `Step \`${stepKey}\` (agent \`${agentId}\`) failed`;
    const words = error.message.startsWith(told)
      ? error.message.replace(/^.*? failed(?: after \d+ attempts)?: /, "")
      : error.message;
    const reason = cutToWidth(printableLine(words), 160);
    const text = `↻ ${this.#place(stepKey)}${printableLine(agentId)}  attempt ${attempt} failed: ${reason}`;
    this.#line(this.#screen.style.yellow(`${text} · next one in ${formatDuration(delayMs)}`));
    this.#steps.set(stepKey, this.#newStep(this.#steps.get(stepKey)?.startedAt ?? timestamp));
  }

  #refused({ stepKey, agentId, problem, timestamp }: EventOf<"output_refused">): void {
    this.#finishText();
    const reason = cutToWidth(printableLine(problem), 160);
    const text = `↻ ${this.#place(stepKey)}${printableLine(agentId)}  answer does not fit the output schema: ${reason}`;
    this.#line(this.#screen.style.yellow(text));
    this.#steps.set(stepKey, this.#newStep(this.#steps.get(stepKey)?.startedAt ?? timestamp));
  }

  #complete({ stepKey, agentId, usage, timestamp, response }: EventOf<"step_complete">): void {
    const step = this.#steps.get(stepKey);
    if (step !== undefined && this.#streaming) this.#write(restOf(step));
    this.#steps.delete(stepKey);
    this.#current = undefined;
    this.#lastShown = response;
    const took = step === undefined ? "" : `  ${formatDuration(timestamp - step.startedAt)}`;
    const tokens = counted(usage.inputTokens + usage.outputTokens, "token");
    const { green, dim } = this.#screen.style;
    this.#line(`${green("✓")} ${this.#place(stepKey)}${printableLine(agentId)}${dim(`${took}  ${tokens}`)}`);
  }

  #answered({ interrupt, answer }: EventOf<"interrupt_answered">): void {
    if (this.#answers.has(interrupt.id)) return;
    this.#answers.add(interrupt.id);
    const said = cutToWidth(printableLine(answer.response), 60);
    const { green, yellow } = this.#screen.style;
    if (answer.source === "timeout") {
      this.#line(yellow(`! ${printableLine(interrupt.stepKey)} was not answered in time: "${said}" was taken`));
    } else {
      this.#line(`${green("✓")} ${this.#place(interrupt.stepKey)}${answerVerb(answer)}: \`${said}\``);
    }
  }

  /** `[2/3] ` for the second of three steps; the key where steps have no number. */
  #place(stepKey: string): string {
    const index = /^steps\/(\d+)$/.exec(stepKey)?.[1];
    if (index === undefined) return `[${printableLine(stepKey)}] `;
    const total = this.#stepCount === undefined ? "" : `/${this.#stepCount}`;
    return `[${Number(index) + 1}${total}] `;
  }

  #sayDone(steps: number): void {
    if (steps > 0) this.#line(this.#screen.style.dim(`· ${counted(steps, "step")} done before, not run again`));
  }

  /** Shows the last word of the step whose text the cursor is in. What may be half a secret stays back. */
  #finishText(): void {
    const step = this.#current === undefined ? undefined : this.#steps.get(this.#current);
    if (step !== undefined && this.#streaming) this.#write(step.wrapping.end());
  }

  #write(text: string): void {
    if (text === "") return;
    this.#screen.piece(text);
    this.#atLineStart = text.endsWith("\n");
  }

  #line(text: string): void {
    this.#leaveText();
    this.#screen.note(text);
  }

  #leaveText(): void {
    if (!this.#atLineStart) this.#screen.piece("\n");
    this.#atLineStart = true;
    this.#current = undefined;
  }
}

/** What is missing of an answer, for people. */
const incomplete: Readonly<Record<EventOf<"answer_incomplete">["reason"], string>> = {
  length: "the answer was cut off at its length limit (`max_tokens`); it is used as it is",
  content_filter: "the answer was cut off by the provider's content filter; it is used as it is",
  empty: "the answer is empty",
};

function restOf({ mask, wrapping }: ShownStep): string {
  return wrapping.push(mask.end()) + wrapping.end();
}
