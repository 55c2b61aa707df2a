/**
 * The same stream of events, each as one `data:` line and a blank one. The SDK passes over events that hold anything besides,
 * such as a comment or an id that a proxy put there, and would lose their text without a word.
 */
export function normalEvents({ body, status, statusText, headers }: Response): Response {
  if (body === null) return new Response(null, { status, statusText, headers });
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const events = new EventReader();
  const normal = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (;;) {
          const { value, done } = await reader.read();
          if (done) return controller.close();
          const text = events.take(decoder.decode(value, { stream: true }));
          if (text !== "") return controller.enqueue(encoder.encode(text));
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return new Response(normal, { status, statusText, headers });
}

/** Lines end with `\n`, `\r\n` or `\r`, events with an empty line. One that is cut off by the end of the stream is none. */
class EventReader {
  #rest = "";
  #data: string[] = [];
  #afterReturn = false;

  /** The events that these characters complete, in their plain form. */
  take(characters: string): string {
    if (characters === "") return "";
    const text = this.#afterReturn && characters.startsWith("\n") ? characters.slice(1) : characters;
    this.#afterReturn = characters.endsWith("\r");
    const unified = text.replace(/\r\n?/g, "\n");
    this.#rest += unified;
    // Splitting copies the pending line, so wait for an end of one.
    if (!unified.includes("\n")) return "";
    const lines = this.#rest.split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.map((line) => this.#line(line)).join("");
  }

  #line(line: string): string {
    if (line.startsWith("data:")) this.#data.push(line.slice("data:".length).trim());
    if (line !== "" || this.#data.length === 0) return "";
    const event = `data: ${this.#data.join(" ")}\n\n`;
    this.#data = [];
    return event;
  }
}
