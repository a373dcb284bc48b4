import { LOOK, EDIT, SHELL, NOTES, HELPER, LIMIT, MINUTE } from "./names.js";
import { flag, isOn, isSandboxed, timeout } from "./flags.js";
import { agents } from "./agents.js";

const object = (properties, required = Object.keys(properties)) => ({ type: "object", properties, required, additionalProperties: false });
const string = (description) => ({ type: "string", description });
const number = (description) => ({ type: "number", description });

const defaults = { isEnabled: () => true, isReadOnly: () => false };
const tool = (definition) => ({ ...defaults, ...definition });

export const look = tool({
  name: LOOK,
  isReadOnly: () => true,
  inputSchema: object({ path: string("The file to read, as an absolute path"), offset: number("The line to start at"), limit: number("How many lines to read") }, ["path"]),
  async description() {
    return "Read a file";
  },
  async prompt() {
    return `Reads a file from the disk.

Usage:
- The path must be absolute.
- By default it reads up to ${LIMIT} lines from the start of the file.
- You may read several files at once, and it is better to read one too many than one too few.${
      flag("heron_pictures", true) ? "\n- It reads pictures too, and shows them to you." : ""
    }`;
  },
  async call({ path }, { read }) {
    return { data: await read(path) };
  },
  result(data, id) {
    return { type: "tool_result", tool_use_id: id, content: data.text === "" ? "The file is there, but nothing is in it." : data.text };
  },
});

export const edit = tool({
  name: EDIT,
  inputSchema: object({ path: string("The file to change"), from: string("The passage as it is, letter for letter"), to: string("The passage as it shall be") }),
  description: async () => "Change a passage",
  prompt: async () => `Replaces a passage in a file by another one.
- You must have used ${LOOK} on the file before. The tool refuses to change what was not read.
- The passage has to be found exactly once.`,
  async call(input, { write }) {
    return { data: await write(input) };
  },
  result(data, id) {
    const content = data.changed ? `The file ${data.path} was changed.` : `The passage was not found in ${data.path}. Read the file again.`;
    return { type: "tool_result", tool_use_id: id, content, is_error: !data.changed };
  },
});

function shellNotes() {
  const list = [
    `A command that takes longer than ${timeout()} ms (${timeout() / MINUTE} minutes) is stopped.`,
    "Put quotes around paths that have spaces in them.",
    isSandboxed() ? "Commands run in a sandbox, and see no network." : null,
    isOn(process.env.HERON_NO_BACKGROUND) ? null : "You may let a command run in the background, and look at its output later.",
  ];
  return list
    .filter(Boolean)
    .map((x) => ` - ${x}`)
    .join("\n");
}

export const shell = tool({
  name: SHELL,
  inputSchema: object({ command: string("The command to run"), purpose: string("What it is for, in five to ten words") }, ["command"]),
  description: async () => "Run a command",
  async prompt() {
    return `Runs a command in a shell that stays open.

Before you run a command that makes a file, look whether its folder is there.

Notes:
${shellNotes()}`;
  },
  async call(input, { run }) {
    return { data: await run(input) };
  },
  result({ output, stopped }, id) {
    let text = output.trim();
    if (stopped) text += "\nThe command was stopped before it had ended.";
    return { type: "tool_result", tool_use_id: id, content: text || "The command wrote nothing." };
  },
});

export const notes = tool({
  name: NOTES,
  isEnabled: () => !isOn(process.env.HERON_NO_NOTES),
  inputSchema: object({ steps: { type: "array", items: object({ text: string("The step"), state: { type: "string", enum: ["open", "doing", "done"] } }), description: "All steps, in their order" } }),
  description: async () => "Keep a list of steps",
  prompt: async () => `Keeps the list of steps of what you do, so that the person sees how far you are.

## When to use it
1. The task has three steps or more.
2. The person gave several tasks at once.

## When not to use it
1. There is only one step, and it is small.
2. The person only wants to talk.`,
  async call({ steps }) {
    return { data: steps };
  },
  result: (_, id) => ({ type: "tool_result", tool_use_id: id, content: "The steps were written down. Go on with the one that you are at." }),
});

export const helper = tool({
  name: HELPER,
  inputSchema: object({ kind: string("Which helper to start"), task: string("What it shall do") }),
  description: async () => "Start a helper",
  async prompt() {
    const lines = agents.map((a) => `- ${a.agentType}: ${a.whenToUse} (Tools: ${a.tools ? a.tools.join(", ") : "all"})`).join("\n");
    return `Starts a helper that works on its own and gives back one answer.

These helpers are there:
${lines}

When not to use it:
- To read one file that you know: use ${LOOK}.
- For a thing that takes one step.`;
  },
  async call(input, { start }) {
    return { data: await start(input) };
  },
  result(data, id) {
    return { type: "tool_result", tool_use_id: id, content: [{ type: "text", text: `The helper has ended. Its answer:\n${data.answer}` }] };
  },
});

export const all = () => [look, edit, shell, notes, helper].filter((t) => t.isEnabled());
