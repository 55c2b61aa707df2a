import { BedrockFailure } from "./bedrock-failure.js";

const mebibyte = 1024 * 1024;
const maxReplyBytes = 16 * mebibyte;
const maxEventBytes = mebibyte;
/** Its length, the length of its headers, and two checksums. */
const minEventBytes = 16;

/**
 * The same bytes of an AWS event stream, as long as its events are whole and of a bearable size. The first four bytes of
 * each say how long it is.
 *
 * @throws BedrockFailure otherwise
 */
export async function* wholeEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let total = 0;
  /** What is known of the length of the next event, and of how many bytes it is known. */
  let length = 0;
  let known = 0;
  /** Bytes of the current event that are still to come. */
  let left = 0;
  for await (const chunk of body) {
    total += chunk.length;
    if (total > maxReplyBytes) throw unreadable(`more than ${maxReplyBytes} bytes`);
    for (let at = 0; at < chunk.length; ) {
      if (left > 0) {
        const step = Math.min(left, chunk.length - at);
        left -= step;
        at += step;
        continue;
      }
      length = length * 256 + (chunk[at] ?? 0);
      at += 1;
      known += 1;
      if (known < 4) continue;
      if (length > maxEventBytes) throw unreadable(`an event of more than ${maxEventBytes} bytes`);
      if (length < minEventBytes) throw unreadable(`an event of ${length} bytes`);
      left = length - known;
      length = 0;
      known = 0;
    }
    yield chunk;
  }
  if (left > 0 || known > 0) throw new BedrockFailure("cut_off", "the answer ended in the middle of an event");
}

function unreadable(words: string): BedrockFailure {
  return new BedrockFailure("unreadable", words);
}
