import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";

interface Edge {
  readonly from: string;
  readonly to: string;
}

interface Rule {
  readonly because: string;
  readonly from: RegExp;
  readonly mayNot: RegExp;
  /** A file that does not exist and what it would import: the rule has to notice it. */
  readonly violation: { readonly file: string; readonly imports: string };
}

const rules: readonly Rule[] = [
  {
    because: "protocol depends on nothing of ours",
    from: /^functions\/protocol\//,
    mayNot: /^(?:bin|lib|test|functions\/(?!protocol\/))/,
    violation: { file: "functions/protocol/planted.ts", imports: "../core/limits.ts" },
  },
  {
    because: "protocol uses no library",
    from: /^functions\/protocol\//,
    mayNot: /^(?!node:|functions\/)/,
    violation: { file: "functions/protocol/planted.ts", imports: "zod" },
  },
  {
    because: "core depends on protocol and the contract alone",
    from: /^functions\/core\//,
    mayNot: /^(?:bin|lib|test|functions\/(?!core\/|protocol\/|contract\.ts))/,
    violation: { file: "functions/core/planted.ts", imports: "../adapters/clock.ts" },
  },
  {
    because: "core's one library is zod",
    from: /^functions\/core\//,
    mayNot: /^(?!functions\/|zod$)/,
    violation: { file: "functions/core/planted.ts", imports: "node:fs" },
  },
  {
    because: "adapters do not know who composes them",
    from: /^functions\/adapters\//,
    mayNot: /^functions\/(?!adapters\/|core\/|protocol\/|contract\.ts)/,
    violation: { file: "functions/adapters/planted.ts", imports: "../check/event.ts" },
  },
  {
    because: "a page is made of what core says alone",
    from: /^functions\/page\//,
    mayNot: /^(?!functions\/(?:page|core)\/)/,
    violation: { file: "functions/page/planted.ts", imports: "../adapters/clock.ts" },
  },
  {
    because: "the widget looks at what is remembered, and knows nobody who asks or repairs",
    from: /^functions\/widget\//,
    mayNot: /^functions\/(?:check|heal|command-line|responder)\//,
    violation: { file: "functions/widget/planted.ts", imports: "../heal/composition.ts" },
  },
  {
    because: "heal does not know check",
    from: /^functions\/heal\//,
    mayNot: /^functions\/(?:check|command-line|responder)\//,
    violation: { file: "functions/heal/planted.ts", imports: "../check/event.ts" },
  },
  {
    because: "heal meets the world through ports, but where it is put together",
    from: /^functions\/heal\/(?!(?:composition|durable-heal|fleet-asset|plain-heal)\.ts)/,
    mayNot: /^functions\/adapters\//,
    violation: { file: "functions/heal/planted.ts", imports: "../adapters/clock.ts" },
  },
  {
    because: "check does not know the command line",
    from: /^functions\/check\//,
    mayNot: /^functions\/(?:command-line|responder)\//,
    violation: { file: "functions/check/planted.ts", imports: "../responder/index.ts" },
  },
  {
    because: "the responder needs the protocol alone",
    from: /^functions\/responder\/(?!examples\/)/,
    mayNot: /^(?!functions\/(?:responder|protocol)\/)/,
    violation: { file: "functions/responder/planted.ts", imports: "node:crypto" },
  },
  {
    because: "what ships never imports tests",
    from: /^(?:bin|lib|functions)\//,
    mayNot: /^test\//,
    violation: { file: "functions/check/planted.ts", imports: "../../test/setup.ts" },
  },
  {
    because: "functions know nothing of their stack",
    from: /^functions\//,
    mayNot: /^(?:lib\/|bin\/|aws-cdk-lib|constructs)/,
    violation: { file: "functions/check/planted.ts", imports: "aws-cdk-lib" },
  },
  {
    because: "lib knows of what runs its names and the fleet's form alone",
    from: /^lib\//,
    mayNot:
      /^(?!lib\/|functions\/(?:contract|core\/(?:fleet|duration))\.ts$|node:|aws-cdk-lib|cdk-nag$|constructs$)/,
    violation: { file: "lib/planted.ts", imports: "../functions/core/limits.ts" },
  },
  {
    because: "only lib describes a stack",
    from: /^(?!lib\/|bin\/app)/,
    mayNot: /^(?:aws-cdk-lib|cdk-nag|constructs)/,
    violation: { file: "bin/planted.ts", imports: "aws-cdk-lib" },
  },
  {
    because: "graphql is for tests",
    from: /^(?:bin|lib|functions)\//,
    mayNot: /^graphql/,
    violation: { file: "functions/adapters/planted.ts", imports: "graphql" },
  },
];

const shipped = globSync("{bin,lib,functions}/**/*.ts");

async function edgesOf(
  what: Pick<BuildOptions, "entryPoints" | "stdin">,
): Promise<{ files: string[]; edges: Edge[] }> {
  const { metafile } = await build({
    ...what,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    write: false,
    metafile: true,
    outdir: "unwritten",
    logLevel: "silent",
  });
  const edges = Object.entries(metafile.inputs).flatMap(([from, { imports }]) =>
    imports.map(({ path }) => ({ from, to: path })),
  );
  return { files: Object.keys(metafile.inputs), edges };
}

function violations(edges: readonly Edge[], { from, mayNot }: Rule): Edge[] {
  return edges.filter((edge) => from.test(edge.from) && mayNot.test(edge.to));
}

describe("the house", () => {
  let files: string[];
  let edges: Edge[];

  beforeAll(async () => {
    ({ files, edges } = await edgesOf({ entryPoints: shipped }));
  });

  it("is seen as a whole, for a check that sees nothing passes everything", () => {
    expect(files.toSorted()).toEqual(shipped.toSorted());
    expect(edges.length).toBeGreaterThan(shipped.length);
  });

  it.each(rules)("keeps that $because", (rule) => {
    expect(violations(edges, rule)).toEqual([]);
  });

  it.each(rules)("would notice if it were not so that $because", async (rule) => {
    const { file, imports } = rule.violation;
    const stdin = {
      contents: `import "${imports}";`,
      sourcefile: basename(file),
      resolveDir: resolve(dirname(file)),
    };
    const seen = await edgesOf({ stdin });
    expect(
      violations(
        seen.edges.filter(({ from }) => from === file),
        rule,
      ),
    ).toHaveLength(1);
  });
});

describe("a secret's value", () => {
  it("is revealed in protocol and adapters alone", async () => {
    const found = await Promise.all(
      shipped.map(async (file) => ((await readFile(file, "utf8")).includes(".reveal()") ? [file] : [])),
    );
    const revealing = found.flat();
    expect(revealing.length).toBeGreaterThan(0);
    expect(revealing.filter((file) => !/^functions\/(?:protocol|adapters)\//.test(file))).toEqual([]);
  });
});
