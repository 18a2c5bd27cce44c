import { type Case, vectorFile } from "./vector-file.ts";

function rfc4231(number: number, key: string, message: string, tag: string): Case {
  return { comment: `RFC 4231 test case ${number}`, flags: ["Rfc4231"], key, message, tag, result: "valid" };
}

const hex = (text: string) => Buffer.from(text).toString("hex");

const wholeTags: readonly Case[] = [
  rfc4231(
    1,
    "0b".repeat(20),
    hex("Hi There"),
    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  ),
  rfc4231(
    2,
    hex("Jefe"),
    hex("what do ya want for nothing?"),
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  ),
  rfc4231(
    3,
    "aa".repeat(20),
    "dd".repeat(50),
    "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
  ),
  rfc4231(
    4,
    "0102030405060708090a0b0c0d0e0f10111213141516171819",
    "cd".repeat(50),
    "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
  ),
  rfc4231(
    6,
    "aa".repeat(131),
    hex("Test Using Larger Than Block-Size Key - Hash Key First"),
    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  ),
  rfc4231(
    7,
    "aa".repeat(131),
    hex(
      "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
    ),
    "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
  ),
];

const truncatedTag = rfc4231(
  5,
  "0c".repeat(20),
  hex("Test With Truncation"),
  "a3b6167473100ee06e0c796c2955552b",
);

const notes = {
  Rfc4231: {
    bugType: "BASIC",
    description:
      "The published vectors of HMAC-SHA-256. Where these fail, the primitive is wrong and the protocol was not reached.",
  },
};

/** Keys and messages are hex here: RFC 4231's keys are bytes, not text. */
export const hmacVectors = vectorFile("HMAC-SHA-256", "tally-v1-hmac", notes, [
  { type: "Hmac", tagBits: 256, cases: wholeTags },
  { type: "Hmac", tagBits: 128, cases: [truncatedTag] },
]);
