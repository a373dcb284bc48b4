// Tern is an invented agent: a small program in the shape of a real one. The picture in the README is made of it.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { exec } from "node:child_process";

const strict = !!process.env.TERN_STRICT;
const isPrint = process.argv.includes("-p") || !process.stdout.isTTY;

const object = (properties, required) => ({ type: "object", properties, required, additionalProperties: false });
const string = (description) => ({ type: "string", description });
const count = (description, maximum) => ({ type: "integer", minimum: 1, maximum, description });

const Look = {
  name: "Look",
  inputSchema: object({ place: string("The place to look at, as a path"), depth: count("How many levels to look at", 9) }, ["place"]),
  isReadOnly: () => true,
  isEnabled: () => true,
  async prompt() {
    return `Looks at a place and says what is there.

- Names come first, then sizes.
- Look before you carry: a place may have changed since you saw it.
- For a single file, use ${Read.name}.`;
  },
  async call({ place }) {
    return (await readdir(place)).join("\n");
  },
};
const Read = {
  name: "Read",
  inputSchema: object({ file: string("The file to read"), lines: count("How many lines at most", 2000) }, ["file"]),
  isReadOnly: () => true,
  isEnabled: () => true,
  async prompt() {
    return "Reads a file, at most two thousand lines of it. A longer one is cut, and the answer says where.";
  },
  async call({ file }) {
    return readFile(file, "utf8");
  },
};
const Carry = {
  name: "Carry",
  inputSchema: object({
    from: string("Where it is"),
    to: string("Where it goes"),
    over: { ...string("What to do where something is there already"), enum: ["refuse", "replace", "rename"] },
  }, ["from", "to"]),
  isReadOnly: () => false,
  isEnabled: () => true,
  async prompt() {
    return strict
      ? "Carries a file from one place to another. It asks before each file."
      : "Carries a file from one place to another. It asks where something would be lost.";
  },
  async call({ from, to }) {
    await writeFile(to, await readFile(from));
    return "done";
  },
};
const Call = {
  name: "Call",
  inputSchema: object({ command: string("The command for the shell") }, ["command"]),
  isReadOnly: () => false,
  isEnabled: () => true,
  async prompt() {
    return "Runs a command in a shell and gives what it prints. Never use it for what another tool does: to read is what Read is for.";
  },
  async call({ command }) {
    return new Promise((done) => exec(command, (_, out) => done(out)));
  },
};
const Ask = {
  name: "Ask",
  inputSchema: object({ question: string("What to ask"), choices: { type: "array", items: string("An answer to choose"), minItems: 2, maxItems: 4 } }, ["question"]),
  isReadOnly: () => true,
  isEnabled: () => !isPrint,
  async prompt() {
    return "Asks the person at the terminal a question. Use it only where you can't find the answer yourself.";
  },
  async call({ question }) {
    return question;
  },
};
export const tools = [Look, Read, Carry, Call, Ask];

function intro() {
  return "You are Tern, an agent that keeps a person's files in order. You fly far, and you come back with what was asked for.";
}
function manners() {
  const items = [
    "Say what you found before you say what you did.",
    isPrint ? "Nobody can answer you: decide, and say on what grounds." : "Ask where a decision is the person's own.",
    strict ? "Change nothing that you were not asked to change, not even a typing error." : null,
    "Keep answers short. A list beats a paragraph.",
  ].filter((x) => x !== null);
  return ["# How you work", ...items.map((x) => ` - ${x}`)].join("\n");
}
function toolRules() {
  return `# Tools
 - ${Look.name} comes before ${Carry.name}.
 - ${Call.name} is for what no other tool does.`;
}
function surroundings() {
  return `# Where you are
 - Directory: ${process.cwd()}
 - Platform: ${process.platform}`;
}
export async function getSystemPrompt() {
  return [intro(), manners(), toolRules(), surroundings()].filter((x) => x !== null);
}

async function main() {
  const system = (await getSystemPrompt()).map((text) => ({ type: "text", text }));
  const list = await Promise.all(tools.filter((t) => t.isEnabled()).map(async (t) => ({ name: t.name, description: await t.prompt(), input_schema: t.inputSchema })));
  const answer = await fetch((process.env.TERN_URL ?? "https://tern.example") + "/v1/messages", {
    method: "POST",
    body: JSON.stringify({ model: "tern-1", system, tools: list, messages: [{ role: "user", content: process.argv.at(-1) }] }),
  });
  process.stdout.write(await answer.text());
}
main();
