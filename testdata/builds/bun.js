// ../../testdata/builds/src/names.js
var PROGRAM = "Heron";
var LOOK = "Look";
var EDIT = "Edit";
var SHELL = "Shell";
var NOTES = "Notes";
var HELPER = "Helper";
var LIMIT = 2000;
var MINUTE = 60000;
var STYLES = { brief: "Brief", teaching: "Teaching" };

// ../../testdata/builds/src/flags.js
var answers = {};
function load(given) {
  answers = given;
}
function flag(key, fallback) {
  return key in answers ? answers[key] : fallback;
}
function isOn(value) {
  if (!value)
    return false;
  return ["1", "true", "yes"].includes(String(value).toLowerCase());
}
var isSandboxed = () => isOn(process.env.HERON_SANDBOX);
var isTeam = () => flag("heron_team", false) && !isOn(process.env.HERON_ALONE);
function timeout() {
  const given = process.env.HERON_TIMEOUT_MS;
  if (given) {
    const n = parseInt(given, 10);
    if (n > 0)
      return n;
  }
  return 120000;
}

// ../../testdata/builds/src/text.js
function dedent(strings, ...values) {
  return strings.reduce((all, s, i) => all + s + (i < values.length ? values[i] : ""), "").trim();
}
function bullets(list) {
  return list.flatMap((item) => Array.isArray(item) ? item.map((sub) => `  - ${sub}`) : [` - ${item}`]);
}
function section(title, ...items) {
  return [`# ${title}`, ...bullets(items.filter((x) => x !== null))].join(`
`);
}
var plural = (n, one, many = one + "s") => n === 1 ? one : many;
function tagged(name, text) {
  return `<${name}>
${text}
</${name}>`;
}
function remind(text) {
  return `<system-reminder>
${text}
</system-reminder>`;
}
function userMessage({ content, isMeta = false, id }) {
  return { type: "user", message: { role: "user", content }, isMeta, id };
}
function remindAll(messages) {
  return messages.map((m) => typeof m.message.content === "string" ? { ...m, message: { ...m.message, content: remind(m.message.content) } } : m);
}

// ../../testdata/builds/src/prompt.js
function identity(style) {
  if (style)
    return `You are ${PROGRAM}, a helper for people who write prose. Answer in the style that is described under "Style" below.`;
  return `You are ${PROGRAM}, a helper for people who write prose. Help with what the person asks, and with nothing else.`;
}
var CARE = "IMPORTANT: Never make up a quotation. A sentence between quotation marks has to stand in the source, letter for letter.";
function tone() {
  return dedent`
# Tone and length
You should be brief, kind and exact. Do not praise a text before you say what is wrong with it.
Use no more than ${flag("heron_lines", 4)} lines, unless you were asked for more.
${isOn(process.env.HERON_PLAIN) ? "Write plain text: no headings, no lists, no tables." : "Use Markdown where it helps to read."}`;
}
function conduct() {
  const items = [
    "Read a passage before you change it. A change that rests on memory is a guess.",
    "Change as little as the task asks for.",
    ["Keep the names of people and places as they are.", "Keep the tense, unless it is what you were asked to change."],
    process.env.HERON_STRICT ? "Ask before every single change, and wait for the answer." : null
  ];
  if (isTeam())
    items.push("Other people may be at work on the same text: look again before you write.");
  return section("How to work", ...items);
}
function tools(has) {
  const list = [
    `Use ${LOOK} to read, not ${SHELL} with cat, head or tail.`,
    `Use ${EDIT} to change a passage, not ${SHELL} with sed or awk.`,
    has(HELPER) ? `Give wide searches to ${HELPER}, so that what it reads does not fill your memory.` : null,
    has(NOTES) ? [`Write the steps of a longer task into ${NOTES}.`, "Mark a step as done when it is done, not before."] : null
  ];
  return ["# Your tools", ...bullets(list.filter((x) => x !== null))].join(`
`);
}
function sandbox() {
  if (!isSandboxed())
    return null;
  return `# The sandbox
Commands run in a sandbox: they may read everything and write only to the folder that you were started in.
If a command fails because of the sandbox, say so, and do not try to get around it.`;
}
var environment = async (folder, models) => {
  const extra = folder.others.length > 0 ? `
Other folders: ${folder.others.join(", ")}` : "";
  return `# Where you are
<env>
Folder: ${folder.path}
Under version control: ${folder.tracked ? "Yes" : "No"}
Platform: ${process.platform}${extra}
</env>
You are powered by the model ${models.main}.`;
};
function styleSection(style) {
  if (style === null)
    return null;
  return `# Style: ${style.name}
${style.prompt}`;
}
var styles = {
  [STYLES.brief]: {
    name: STYLES.brief,
    description: "Says only what is needed",
    keepCodingInstructions: true,
    prompt: "Answer with one sentence where one will do. Leave out what the person knows already."
  },
  [STYLES.teaching]: {
    name: STYLES.teaching,
    description: "Explains what it does, and why",
    keepCodingInstructions: false,
    prompt: `You explain each change that you make in a sentence or two, so that the person learns from it.
## Explaining
Before and after a change, say which rule of style it follows, in the form "Rule: ...".`
  }
};
function questions(mode) {
  switch (mode) {
    case "print":
      return "Nobody can answer you while you work. Do not ask questions: choose what is most likely meant, and say at the end what you chose.";
    case "draft":
      return "You are looking over a draft that is not finished. Do not complain about what is missing.";
    default:
      return null;
  }
}
async function systemPrompt(toolset, folder, models, style, mode) {
  const names = new Set(toolset.map((t) => t.name));
  const keep = style === null || style.keepCodingInstructions === true;
  return [
    identity(style),
    CARE,
    tone(),
    keep ? conduct() : null,
    tools((name) => names.has(name)),
    sandbox(),
    await environment(folder, models),
    styleSection(style),
    questions(mode),
    ...names.has(SHELL) ? [`When you run commands with ${SHELL}, say in a few words what each of them is for.`] : []
  ].filter((s) => s !== null);
}

// ../../testdata/builds/src/agents.js
var READ_ONLY = "You must not change anything: you have been given no tool that writes, and you shall not write by other means.";
var finder = {
  agentType: "finder",
  whenToUse: "Finds where something is said in a long text, or in many. Use it when one search will not do.",
  tools: [LOOK, SHELL],
  model: "small",
  getSystemPrompt: () => `You are a helper of ${PROGRAM} that finds passages.

${READ_ONLY}

Answer with a list of the places that you found, the surest first, each with its file and line.`
};
var critic = {
  agentType: "critic",
  whenToUse: "Reads a text as a stranger would, and says what is hard to follow.",
  tools: [LOOK],
  getSystemPrompt() {
    const strict = flag("heron_harsh", false) ? `
Be harsh: nobody learns from praise.` : "";
    return `You read a text for the first time and know nothing of its writer.

${READ_ONLY}
Say where you stopped, where you went back, and where you lost interest.${strict}`;
  }
};
var translator = {
  agentType: "translator",
  whenToUse: "Puts a text into another language without smoothing it.",
  getSystemPrompt: ({ language }) => `You translate into ${language}. Keep what is odd about the original: a strange sentence is translated by a strange sentence.`
};
var agents = [finder, critic, translator];

// ../../testdata/builds/src/tools.js
var object = (properties, required = Object.keys(properties)) => ({ type: "object", properties, required, additionalProperties: false });
var string = (description) => ({ type: "string", description });
var number = (description) => ({ type: "number", description });
var defaults = { isEnabled: () => true, isReadOnly: () => false };
var tool = (definition) => ({ ...defaults, ...definition });
var look = tool({
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
- You may read several files at once, and it is better to read one too many than one too few.${flag("heron_pictures", true) ? `
- It reads pictures too, and shows them to you.` : ""}`;
  },
  async call({ path }, { read }) {
    return { data: await read(path) };
  },
  result(data, id) {
    return { type: "tool_result", tool_use_id: id, content: data.text === "" ? "The file is there, but nothing is in it." : data.text };
  }
});
var edit = tool({
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
  }
});
function shellNotes() {
  const list = [
    `A command that takes longer than ${timeout()} ms (${timeout() / MINUTE} minutes) is stopped.`,
    "Put quotes around paths that have spaces in them.",
    isSandboxed() ? "Commands run in a sandbox, and see no network." : null,
    isOn(process.env.HERON_NO_BACKGROUND) ? null : "You may let a command run in the background, and look at its output later."
  ];
  return list.filter(Boolean).map((x) => ` - ${x}`).join(`
`);
}
var shell = tool({
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
    if (stopped)
      text += `
The command was stopped before it had ended.`;
    return { type: "tool_result", tool_use_id: id, content: text || "The command wrote nothing." };
  }
});
var notes = tool({
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
  result: (_, id) => ({ type: "tool_result", tool_use_id: id, content: "The steps were written down. Go on with the one that you are at." })
});
var helper = tool({
  name: HELPER,
  inputSchema: object({ kind: string("Which helper to start"), task: string("What it shall do") }),
  description: async () => "Start a helper",
  async prompt() {
    const lines = agents.map((a) => `- ${a.agentType}: ${a.whenToUse} (Tools: ${a.tools ? a.tools.join(", ") : "all"})`).join(`
`);
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
    return { type: "tool_result", tool_use_id: id, content: [{ type: "text", text: `The helper has ended. Its answer:
${data.answer}` }] };
  }
});
var all = () => [look, edit, shell, notes, helper].filter((t) => t.isEnabled());

// ../../testdata/builds/src/reminders.js
var note = (content) => remindAll([userMessage({ content, isMeta: true })]);
function fileNote(file, what) {
  return `Note: the file ${file.name} was ${what} since you last read it. This was done on purpose, so do not undo it.`;
}
function describe(event) {
  switch (event.kind) {
    case "edited":
      return note(fileNote(event.file, "changed"));
    case "removed":
      return note(fileNote(event.file, "removed"));
    case "long_file":
      return note(`The file ${event.name} is long: only its first ${LIMIT} lines were read. Use ${LOOK} with an offset to see more of it.`);
    case "idle_notes": {
      const open = event.steps.map((s, i) => `${i + 1}. [${s.state}] ${s.text}`).join(`
`);
      let text = `The ${NOTES} tool was not used for some time. If the task has several steps, think of writing them down. Never mention this reminder to the person.`;
      if (open.length > 0)
        text += `

These are the steps so far:

${open}`;
      return note(text);
    }
    case "empty_notes":
      return note(`This is a reminder that your list of steps is empty. Do not tell the person about it. If you work on something that has steps, use ${NOTES}.`);
    case "selection":
      return note(`The person selected lines ${event.from} to ${event.to} of ${event.name}:
${event.text.length > LIMIT ? event.text.substring(0, LIMIT) + `
... (cut)` : event.text}

This may or may not have to do with the task.`);
    case "plan":
      if (event.short)
        return note("Planning is still on: read, think, and change nothing.");
      return note(`Planning is on. You must not make any change: no ${EDIT}, no commands that write.

## What to do
1. Read what the task is about.
2. Ask the person what is not clear.
3. Write the plan to ${event.path}${event.exists ? " (it is there already: read it first)" : ""}.`);
    case "plan_left":
      return note("Planning is over. You may make changes now." + (event.path ? ` The plan stands in ${event.path}.` : ""));
    case "budget":
      return note(`Words used: ${event.used} of ${event.total}; ${event.total - event.used} are left.`);
    case "date":
      return note(`The date has changed: it is ${event.today} now. Do not mention this, the person knows.`);
    case "failed":
      return note(`${event.count} ${plural(event.count, "check")} failed:
${event.messages.map((m) => `- ${m.file}: ${m.text}`).join(`
`)}`);
    case "team":
      return isTeam() ? note("Somebody else is at work on this text as well. Look at a passage again before you change it.") : [];
    case "queued":
      return [userMessage({ content: remind(`The person sent this while you were at work:
${event.text}

Go on with the task after you have answered.`), isMeta: true })];
    case "resumed":
      return [userMessage({ content: `This conversation goes on from another one. What was said there, in short:
${event.summary}`, isMeta: true })];
  }
  return [];
}
function context(parts) {
  return userMessage({
    content: `<system-reminder>
As you answer, you may use what is said here:
${Object.entries(parts).map(([title, text]) => `# ${title}
${text}`).join(`
`)}

      IMPORTANT: this may or may not have to do with the task. ${PROGRAM} adds it to every conversation.
</system-reminder>`,
    isMeta: true
  });
}

// ../../testdata/builds/src/ask.js
async function* stream({ messages, systemPrompt: systemPrompt2, tools: tools2, client, model }) {
  const system = systemPrompt2.map((text) => ({ type: "text", text, cache_control: { type: "ephemeral" } }));
  yield* client.beta.messages.stream({ model, max_tokens: 8000, messages, system, tools: tools2, stream: true });
}
async function once(request) {
  let last;
  for await (const part of stream(request))
    last = part;
  return last;
}
async function title(text, rest) {
  return once({
    ...rest,
    systemPrompt: ["Write a title for this conversation: three to six words, no full stop, nothing but the title."],
    messages: [userMessage({ content: text })],
    tools: []
  });
}
async function summary(messages, focus, rest) {
  let text = `Write a summary of the conversation so far, so that ${PROGRAM} can go on without it.

Say in this order:
1. What the person asked for.
2. What was done, with the names of all files.
3. What is left to do.`;
  if (focus && focus.trim() !== "")
    text += `

The person wants you to keep in mind:
${focus}`;
  text += `

Answer with text only. Do not call any tool.`;
  return once({ ...rest, systemPrompt: [`You are ${PROGRAM}, and you write summaries of conversations.`], messages: [...messages, userMessage({ content: text })], tools: [] });
}
async function topic(input, rest) {
  const ask = flag("heron_topics", true) ? "Say whether this begins a new topic. Answer with JSON that has the fields isNew (a boolean) and title (two or three words, or null)." : "Say in one word what this is about.";
  return once({ ...rest, systemPrompt: [ask], messages: [userMessage({ content: tagged("input", input) })], tools: [] });
}

// ../../testdata/builds/src/screen.js
function Menu(ui, items) {
  return ui.createElement("box", { color: "dim" }, "You may use the arrow keys to choose, and Return to go on.", ...items.map((i) => ui.createElement("row", { text: `Open the file ${i.name}` })));
}
var hints = [
  { key: "esc", text: "Press Escape twice to go back to what you wrote before." },
  { key: "tab", text: "Press Tab to see what else you can type here." }
];
function toast(error) {
  console.error(`${PROGRAM} could not read the file. You should check that it is there. (${error.message})`);
  return { type: "toast", content: "You can try this again in a moment, or ask for help." };
}

class UsageError extends Error {
  constructor(option) {
    super(`You must give a value with the option ${option}, as in ${option}=value.`);
  }
}

// ../../testdata/builds/src/main.js
async function schemas(tools2) {
  return Promise.all(tools2.map(async (t) => ({ name: t.name, description: await t.prompt(), input_schema: t.inputSchema })));
}
async function run({ client, events, folder, models, settings, ui, input }) {
  load(settings.flags ?? {});
  if (!input)
    throw new UsageError("--input");
  const tools2 = all();
  const style = settings.style ? styles[settings.style] : null;
  const prompt = await systemPrompt(tools2, folder, models, style, settings.mode);
  const messages = [context(settings.context), { type: "user", message: { role: "user", content: input } }];
  for (const event of events)
    messages.push(...describe(event));
  const rest = { client, model: models.main };
  try {
    for await (const part of stream({ messages: messages.map((m) => m.message), systemPrompt: prompt, tools: await schemas(tools2), ...rest })) {
      if (part.type === "tool_use") {
        const t = tools2.find((t2) => t2.name === part.name);
        const { data } = await t.call(part.input, settings);
        messages.push({ type: "user", message: { role: "user", content: [t.result(data, part.id)] } });
      }
    }
  } catch (error) {
    toast(error);
  }
  await topic(input, rest);
  await title(input, rest);
  if (messages.length > 100)
    await summary(messages, settings.focus, rest);
  return Menu(ui, hints);
}
run(JSON.parse(process.argv[2]));
export {
  run
};
