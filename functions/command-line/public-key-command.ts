import type { Command } from "commander";
import { TallystickError } from "../core/errors.ts";
import type { CommandContext } from "./command-context.ts";
import { seedAdvice } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

const examples = `
The key comes from TALLYSTICK_SIGNING_SEED, or from the secret in AWS Secrets Manager that
TALLYSTICK_SIGNING_SEED_SECRET names. It is no secret: every responder is given it.

Example:
  TALLYSTICK_SIGNING_SEED=$(openssl rand -base64 32) tallystick public-key`;

/** `tallystick public-key`: what responders have to trust. */
export function addPublicKeyCommand(program: Command, { terminal, act }: CommandContext): void {
  program
    .command("public-key")
    .description("print the public key that responders have to trust")
    .addHelpText("after", examples)
    .action(act(() => printPublicKey(terminal)));
}

/** The key alone, so that it can be put into a variable. */
async function printPublicKey({ out, error, variables }: Terminal): Promise<number> {
  // The AWS clients take a third of a second to load: who only asks for help need not wait for them.
  const { compose } = await import("../heal/composition.ts");
  const keys = await compose(variables).readKeys();
  if (keys === undefined)
    throw new TallystickError("setting-missing", `there is no signing seed: ${seedAdvice}`);
  const { publicKey, kid } = keys.current;
  out.write(`${publicKey}\n`);
  if (error.isTTY) {
    error.write(`key ${kid}; give it to each responder: publicKeys: ["${publicKey}"]\n`);
  }
  return 0;
}
