import { writeFileSync } from "node:fs";

import { vectorTexts } from "./vector-files.ts";

for (const [name, text] of vectorTexts) writeFileSync(new URL(name, import.meta.url), text);
