import { expect, test } from "vitest";
import { addressKind } from "./check-address.js";

const kindOf = (url: string) => addressKind(new URL(url).hostname);

test.each([
  "http://169.254.169.254/",
  "http://2852039166/",
  "http://0xA9.0xFE.0xA9.0xFE/",
  "http://025177524776/",
  "http://169.254.170.2/",
  "http://169.254.0.1/",
  "http://[::ffff:169.254.169.254]/",
  "http://[fe80::1]/",
  "http://[fd00:ec2::254]/",
  "http://metadata.google.internal./",
  "http://100.100.100.200/",
  "http://168.63.129.16/",
])("%s is a metadata service or link-local", (url) => expect(kindOf(url)).toBe("metadata"));

test.each([
  "http://localhost/",
  "http://LOCALHOST./",
  "http://x.localhost/",
  "http://127.1/",
  "http://2130706433/",
  "http://0x7f.1/",
  "http://0.0.0.0/",
  "http://10.1.2.3/",
  "http://172.31.255.254/",
  "http://192.168.1.1/",
  "http://100.64.0.1/",
  "http://192.0.2.1/",
  "http://198.18.0.1/",
  "http://224.0.0.1/",
  "http://255.255.255.255/",
  "http://[::1]/",
  "http://[::]/",
  "http://[::ffff:10.0.0.1]/",
  "http://[64:ff9b::a00:1]/",
  "http://[2002:7f00:1::]/",
  "http://[fc00::1]/",
  "http://[fec0::1]/",
  "http://[ff02::1]/",
  "http://[2001:db8::1]/",
  "http://[100::1]/",
])("%s is private", (url) => expect(kindOf(url)).toBe("private"));

test.each([
  "http://9.255.255.255/",
  "http://11.0.0.1/",
  "http://172.15.255.255/",
  "http://172.32.0.1/",
  "http://192.169.0.1/",
  "http://100.63.255.255/",
  "http://100.128.0.1/",
  "http://169.253.255.255/",
  "http://198.20.0.1/",
  "http://223.255.255.255/",
  "https://10.example.com/",
  "https://localhostess.com/",
  "https://bücher.example/",
  "https://example.com./",
  "http://[2a00:1450:4001:80b::200e]/",
])("%s is public", (url) => expect(kindOf(url)).toBe("public"));
