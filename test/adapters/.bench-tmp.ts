import { createServer } from "node:http";
import { createHmac, randomBytes } from "node:crypto";
import { Agent, request } from "undici";
import { fork } from "node:child_process";
import { createHttpAgent } from "/work/main/functions/adapters/http-agent.ts";
import { createHealthEndpoints } from "/work/main/functions/adapters/http-health.ts";
import { Secret } from "/work/main/functions/protocol/secret.ts";
import { fingerprint } from "/work/main/functions/protocol/fingerprint.ts";
import { signingKeyFromSeed } from "/work/main/functions/protocol/signing-key.ts";
if (process.argv[2] === "serve") {
  // cheap responder: no verification, so that the client is what is measured
  const s = new Secret("x".repeat(40));
  const server = createServer((req, res) => {
    const c = String(req.headers["tally-challenge"] ?? "");
    const jti = c ? JSON.parse(Buffer.from(c.split(".")[1]!, "base64url").toString()).jti : "A".repeat(22);
    const place = { environment: "vps", nonce: jti };
    const running: Record<string,string> = {};
    for (let i = 0; i < 3; i++) running[`S${i}`] = fingerprint(s, { ...place, name: `S${i}` });
    res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ status: "ok", tally: { version: 1, environment: "vps", instance: "a", challenge: jti, echo: createHmac("sha256", "tally/v1").update(`tally/v1\nvps\n_echo\n${jti}`).digest("hex"), running } }));
  });
  server.listen(0, "127.0.0.1", () => process.send!((server.address() as any).port));
} else {
  const child = fork(import.meta.filename, ["serve"]);
  const port = await new Promise<number>((r) => child.once("message", r as any));
  const origin = `http://127.0.0.1:${port}`;
  const key = signingKeyFromSeed(new Secret("y".repeat(40)));
  const values = [0, 1, 2].map(() => "x".repeat(40));
  const N = 3000, C = 32;
  const agent = createHttpAgent(); const bareAgent = new Agent();
  const health = createHealthEndpoints({ dispatcher: agent, clock: { now: () => Date.now(), sleep: async () => {} } });
  const names = ["S0", "S1", "S2"];
  const entry = { instances: 1, allowHttp: false, health: `${origin}/health` };
  const headers = new Map();
  const ours = async () => {
    const h = await health.hear({ environment: "vps", entry, headers, secrets: names, keys: { current: key } });
    if (h.kind !== "heard") throw new Error(h.detail);
    for (const n of names) createHmac("sha256", values[0]!).update(`tally/v1\nvps\n${n}\n${h.instances[0]!.nonce}`).digest("hex");
  };
  const bare = async () => {
    const nonce = randomBytes(16).toString("base64url");
    const p = Buffer.from(JSON.stringify({ alg: "EdDSA", typ: "tally-challenge+jwt" })).toString("base64url") + "." + Buffer.from(JSON.stringify({ iss: "tallystick", aud: "vps", jti: nonce, iat: 1, exp: 2 })).toString("base64url");
    const sig = Buffer.from(key.sign(Buffer.from(p))).toString("base64url");
    const r = await request(`${origin}/health`, { dispatcher: bareAgent, headers: { "tally-challenge": `${p}.${sig}` } });
    await r.body.json();
    for (const n of names) createHmac("sha256", values[0]!).update(`tally/v1\nvps\n${n}\n${nonce}`).digest("hex");
  };
  const bareHmacOnly = bare;
  const run = async (f: () => Promise<void>) => {
    const t = performance.now(); let i = 0; const c0 = process.cpuUsage();
    await Promise.all(Array.from({ length: C }, async () => { while (i++ < N) await f(); }));
    const c = process.cpuUsage(c0);
    return [performance.now() - t, (c.user + c.system) / 1000] as const;
  };
  await run(ours); await run(bare);
  const rows: number[][] = [];
  for (let k = 0; k < 7; k++) { const a = await run(ours); const b = await run(bareHmacOnly); rows.push([a[0], b[0], a[0] / b[0], a[1] / b[1]]); }
  const med = (i: number) => rows.map((r) => r[i]!).sort((x, y) => x - y)[3]!;
  console.log("ours us/req", (med(0) / N * 1000).toFixed(1), "bare us/req", (med(1) / N * 1000).toFixed(1), "ratio", med(2).toFixed(3), "cpu ratio", med(3).toFixed(3));
  child.kill(); await agent.destroy(); await bareAgent.destroy();
}
