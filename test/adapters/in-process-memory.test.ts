import { createInProcessMemory } from "../../functions/adapters/in-process-memory.ts";
import { defineMemoryContract } from "./memory-contract.ts";

defineMemoryContract("the memory in process", async () => createInProcessMemory());
