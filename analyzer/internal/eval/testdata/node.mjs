// Evaluates the programs that come in as JSON, one list of texts, and writes what each gives: the JSON of its value,
// "undefined" for what has none, or "! " with the name and the message of what it throws.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
globalThis.require = createRequire(import.meta.url);
const result = (source) => {
  try {
    const text = JSON.stringify((0, eval)("(" + source + "\n)"));
    return text === undefined ? "undefined" : text;
  } catch (e) {
    return "! " + (e instanceof Error ? e.name + ": " + e.message : String(e)).replace(/\s+/g, " ");
  }
};
const lines = createInterface({ input: process.stdin });
for await (const line of lines) process.stdout.write(JSON.stringify(JSON.parse(line).map(result)) + "\n");
