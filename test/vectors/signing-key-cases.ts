import { testKey } from "./test-key.ts";
import { type Case, vectorFile } from "./vector-file.ts";

function derived(comment: string, seed: string): Case {
  const { publicKey, kid } = testKey(seed);
  return { comment, flags: ["Seed"], seed, publicKey, kid, result: "valid" };
}

function unfit(comment: string, seed: string): Case {
  return { comment, flags: ["StraySeed"], seed, result: "invalid", code: "seed-unfit" };
}

const seed = "correct horse battery staple correct horse";

const seeds: readonly Case[] = [
  derived("blanks inside", seed),
  derived("32 characters", "0123456789abcdef0123456789abcdef"),
  derived("every kind of printable character", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ 09azAZ~"),
  derived("512 characters", "s".repeat(512)),
  unfit("empty", ""),
  unfit("31 characters", "0123456789abcdef0123456789abcde"),
  unfit("trailing LF", `${seed}\n`),
  unfit("trailing CR LF", `${seed}\r\n`),
  unfit("leading blank", ` ${seed}`),
  unfit("trailing blank", `${seed} `),
  unfit("32 characters only with its outer blank", "0123456789abcdef0123456789abcde "),
  unfit("tab inside", "correct horse\tbattery staple correct horse"),
  unfit("LF inside", "correct horse battery\nstaple correct horse"),
  unfit("delete character inside", "correct horse battery\u007Fstaple correct horse"),
  unfit("zero byte inside", "correct horse battery\0staple correct horse"),
  unfit("letter that is not ASCII", "correct hörse battery staple correct horse"),
  unfit("byte-order mark in front", `\uFEFF${seed}`),
];

function trusted(comment: string, publicKey: string): Case {
  return { comment, flags: ["PublicKey"], publicKey, result: "valid" };
}

function untrusted(comment: string, flag: string, publicKey: string): Case {
  return { comment, flags: [flag], publicKey, result: "invalid", code: "public-key-unfit" };
}

const good = testKey(seed).publicKey;
const base64urlOf = (hex: string) => Buffer.from(hex, "hex").toString("base64url");

const publicKeys: readonly Case[] = [
  trusted("43 characters", good),
  trusted("the base point", base64urlOf(`58${"66".repeat(31)}`)),
  untrusted("no key", "Encoding", ""),
  untrusted("42 characters: 31 bytes and a half", "Encoding", good.slice(0, 42)),
  untrusted("31 bytes", "Encoding", base64urlOf("42".repeat(31))),
  untrusted("33 bytes", "Encoding", base64urlOf("42".repeat(33))),
  untrusted("with padding", "Encoding", `${good}=`),
  untrusted("key with LF at its end", "Encoding", `${good}\n`),
  untrusted("base64 alphabet", "Encoding", Buffer.alloc(32, 0xfb).toString("base64").slice(0, 43)),
  untrusted("unused bits that are not zero", "Encoding", good.replace(/4$/, "5")),
  untrusted("hex", "Encoding", Buffer.from(good, "base64url").toString("hex")),
  untrusted(
    "SPKI instead of the raw key",
    "Encoding",
    base64urlOf(`302a300506032b6570032100${"42".repeat(32)}`),
  ),
  ...[
    ["order 1", `01${"00".repeat(31)}`],
    ["order 1 with the sign bit", `01${"00".repeat(30)}80`],
    ["order 1, y = p + 1", `ee${"ff".repeat(30)}7f`],
    ["order 2", `ec${"ff".repeat(30)}7f`],
    ["order 2 with the sign bit", `ec${"ff".repeat(31)}`],
    ["order 4: all zero bytes", "00".repeat(32)],
    ["order 4 with the sign bit", `${"00".repeat(31)}80`],
    ["order 4, y = p", `ed${"ff".repeat(30)}7f`],
    ["order 8", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"],
    ["order 8 with the sign bit", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"],
    ["order 8, the other y", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"],
    [
      "order 8, the other y with the sign bit",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    ],
  ].map(([comment, hex]) => untrusted(`${comment}`, "SmallOrder", base64urlOf(`${hex}`))),
];

const notes = {
  Seed: { bugType: "BASIC", description: "32 or more printable ASCII characters without outer blanks." },
  StraySeed: {
    bugType: "MISSING_STEP",
    description: "A stray character would silently derive another key, and every responder would refuse it.",
  },
  PublicKey: { bugType: "BASIC", description: "32 bytes in base64url without padding." },
  Encoding: {
    bugType: "WRONG_PRIMITIVE",
    description: "Anything else is a mistake in the configuration, told at the start.",
  },
  SmallOrder: {
    bugType: "AUTH_BYPASS",
    description:
      "Under a key of small order some libraries (OpenSSL 3.0) accept signatures that nobody made. All zero bytes is such a key, and a likely placeholder.",
  },
};

export const signingKeyVectors = vectorFile("HKDF-SHA-256, Ed25519", "tally-v1-signing-key", notes, [
  { type: "SigningSeed", cases: seeds },
  { type: "PublicKey", cases: publicKeys },
]);
