/** What an address in a URL is for. Names are judged as text; what they resolve to is checked when they are called. */
export type AddressKind = "public" | "private" | "metadata";

const metadataNames = new Set([
  "metadata",
  "metadata.google.internal",
  "metadata.goog",
  "instance-data",
  "instance-data.ec2.internal",
  "metadata.azure.internal",
  "metadata.platformequinix.com",
]);

/** Names of this machine. Other private names, such as those of a company network, are judged when they resolve. */
const localNames = new Set([
  "localhost",
  "localhost.localdomain",
  "localhost6",
  "localhost6.localdomain6",
  "ip6-localhost",
  "ip6-loopback",
  "loopback",
]);

/**
 * Judges a host name as the WHATWG URL parser gives it, which has already turned decimal, octal, hexadecimal and short
 * forms of IPv4 into four decimal numbers and put IPv6 in brackets.
 */
export function addressKind(hostname: string): AddressKind {
  const host = hostname.toLowerCase().replace(/\.+$/, "");
  if (host.startsWith("[")) return ipv6Kind(host.slice(1, -1));
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return ipv4Kind(toNumber(host));
  if (metadataNames.has(host)) return "metadata";
  if (localNames.has(host) || host.endsWith(".localhost")) return "private";
  return "public";
}

/** Ranges in order; the first that holds the address decides. */
const ipv4Ranges: readonly (readonly [string, number, AddressKind])[] = [
  ["169.254.0.0", 16, "metadata"],
  ["100.100.100.200", 32, "metadata"],
  ["168.63.129.16", 32, "metadata"],
  ["192.0.0.192", 32, "metadata"],
  ["0.0.0.0", 8, "private"],
  ["10.0.0.0", 8, "private"],
  ["100.64.0.0", 10, "private"],
  ["127.0.0.0", 8, "private"],
  ["172.16.0.0", 12, "private"],
  ["192.0.0.0", 24, "private"],
  ["192.0.2.0", 24, "private"],
  ["192.31.196.0", 24, "private"],
  ["192.52.193.0", 24, "private"],
  ["192.88.99.0", 24, "private"],
  ["192.168.0.0", 16, "private"],
  ["192.175.48.0", 24, "private"],
  ["198.18.0.0", 15, "private"],
  ["198.51.100.0", 24, "private"],
  ["203.0.113.0", 24, "private"],
  ["224.0.0.0", 3, "private"],
];

function ipv4Kind(address: number): AddressKind {
  for (const [base, bits, kind] of ipv4Ranges) {
    const size = 2 ** (32 - bits);
    if (Math.floor(address / size) === Math.floor(toNumber(base) / size)) return kind;
  }
  return "public";
}

function toNumber(address: string): number {
  return address.split(".").reduce((total, part) => total * 256 + Number(part), 0);
}

function ipv6Kind(address: string): AddressKind {
  const groups = expand(address);
  const group = (index: number) => groups[index] ?? 0;
  const embedded = (index: number) => ipv4Kind(group(index) * 65_536 + group(index + 1));
  const zeroTo = (end: number) => groups.slice(0, end).every((value) => value === 0);
  if ((group(0) & 0xffc0) === 0xfe80) return "metadata";
  if (group(0) === 0xfd00 && group(1) === 0x0ec2) return "metadata";
  // An IPv4 address in disguise is judged as itself: mapped, compatible, translated, NAT64, 6to4 and Teredo.
  if (zeroTo(5) && group(5) === 0xffff) return atLeastPrivate(embedded(6));
  if (zeroTo(4) && group(4) === 0xffff && group(5) === 0) return atLeastPrivate(embedded(6));
  if (zeroTo(6)) return atLeastPrivate(embedded(6));
  if (group(0) === 0x64 && group(1) === 0xff9b) return atLeastPrivate(embedded(6));
  if (group(0) === 0x2002) return atLeastPrivate(embedded(1));
  // Everything outside 2000::/3 is private, multicast or not given out.
  if ((group(0) & 0xe000) !== 0x2000) return "private";
  if (group(0) === 0x2001 && (group(1) < 0x200 || group(1) === 0xdb8)) return "private";
  if ((group(0) & 0xfff0) === 0x3ff0) return "private";
  if (group(0) === 0x2620 && group(1) === 0x4f && group(2) === 0x8000) return "private";
  return "public";
}

/** Such disguises have no honest use in a workflow, so none of them counts as public. */
function atLeastPrivate(kind: AddressKind): AddressKind {
  return kind === "metadata" ? kind : "private";
}

function expand(address: string): number[] {
  const [head = "", tail] = address.split("::");
  const parse = (text: string) => (text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16)));
  const left = parse(head);
  const right = tail === undefined ? [] : parse(tail);
  return [...left, ...new Array<number>(Math.max(0, 8 - left.length - right.length)).fill(0), ...right];
}
