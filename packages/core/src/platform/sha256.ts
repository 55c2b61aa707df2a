const encoder = new TextEncoder();

/**
 * SHA-256 of the text's UTF-8 bytes, in lower-case hex. Synchronous, unlike the platform's own, which answers from another
 * thread: of branches that ask a question at the same moment, the one that asked first is recorded first, in every run.
 */
export function sha256(text: string): string {
  const state = Uint32Array.from(initial);
  const words = new Uint32Array(64);
  const view = padded(encoder.encode(text));
  for (let offset = 0; offset < view.byteLength; offset += blockBytes) addBlock(state, words, view, offset);
  return Array.from(state, (word) => word.toString(16).padStart(8, "0")).join("");
}

/** Length of the text's UTF-8 bytes. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

const blockBytes = 64;

/** The bytes, a one bit, zeros, and the length in bits at the end of the last block. */
function padded(bytes: Uint8Array): DataView {
  const blocks = Math.ceil((bytes.length + 9) / blockBytes);
  const whole = new Uint8Array(blocks * blockBytes);
  whole.set(bytes);
  whole[bytes.length] = 0x80;
  const view = new DataView(whole.buffer);
  view.setBigUint64(whole.length - 8, BigInt(bytes.length) * 8n);
  return view;
}

function addBlock(state: Uint32Array, w: Uint32Array, view: DataView, offset: number): void {
  for (let i = 0; i < 16; i += 1) w[i] = view.getUint32(offset + i * 4);
  for (let i = 16; i < 64; i += 1) {
    const [x, y] = [w[i - 15] as number, w[i - 2] as number];
    const s0 = rotated(x, 7) ^ rotated(x, 18) ^ (x >>> 3);
    const s1 = rotated(y, 17) ^ rotated(y, 19) ^ (y >>> 10);
    w[i] = (w[i - 16] as number) + s0 + (w[i - 7] as number) + s1;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i += 1) {
    const sum1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const t1 = h + sum1 + ((e & f) ^ (~e & g)) + (constants[i] as number) + (w[i] as number);
    const sum0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const t2 = sum0 + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i] as number) + word;
}

function rotated(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

const primes = Array.from({ length: 312 }, (_, n) => n).filter((n) => n > 1 && noneDivides(n));

function noneDivides(n: number): boolean {
  for (let divisor = 2; divisor * divisor <= n; divisor += 1) if (n % divisor === 0) return false;
  return true;
}

/** The first 32 bits of the fraction, as SHA-256 makes its constants; a double holds 17 more. */
const fraction = (x: number): number => ((x - Math.floor(x)) * 2 ** 32) >>> 0;

const initial = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const constants = Uint32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
