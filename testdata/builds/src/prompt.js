import { PROGRAM, LOOK, EDIT, SHELL, NOTES, HELPER, STYLES } from "./names.js";
import { flag, isOn, isSandboxed, isTeam } from "./flags.js";
import { dedent, section, bullets } from "./text.js";

function identity(style) {
  if (style) return `You are ${PROGRAM}, a helper for people who write prose. Answer in the style that is described under "Style" below.`;
  return `You are ${PROGRAM}, a helper for people who write prose. Help with what the person asks, and with nothing else.`;
}

const CARE = "IMPORTANT: Never make up a quotation. A sentence between quotation marks has to stand in the source, letter for letter.";

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
    process.env.HERON_STRICT ? "Ask before every single change, and wait for the answer." : null,
  ];
  if (isTeam()) items.push("Other people may be at work on the same text: look again before you write.");
  return section("How to work", ...items);
}

function tools(has) {
  const list = [
    `Use ${LOOK} to read, not ${SHELL} with cat, head or tail.`,
    `Use ${EDIT} to change a passage, not ${SHELL} with sed or awk.`,
    has(HELPER) ? `Give wide searches to ${HELPER}, so that what it reads does not fill your memory.` : null,
    has(NOTES) ? [`Write the steps of a longer task into ${NOTES}.`, "Mark a step as done when it is done, not before."] : null,
  ];
  return ["# Your tools", ...bullets(list.filter((x) => x !== null))].join("\n");
}

function sandbox() {
  if (!isSandboxed()) return null;
  return `# The sandbox
Commands run in a sandbox: they may read everything and write only to the folder that you were started in.
If a command fails because of the sandbox, say so, and do not try to get around it.`;
}

const environment = async (folder, models) => {
  const extra = folder.others.length > 0 ? `\nOther folders: ${folder.others.join(", ")}` : "";
  return `# Where you are
<env>
Folder: ${folder.path}
Under version control: ${folder.tracked ? "Yes" : "No"}
Platform: ${process.platform}${extra}
</env>
You are powered by the model ${models.main}.`;
};

function styleSection(style) {
  if (style === null) return null;
  return `# Style: ${style.name}
${style.prompt}`;
}

export const styles = {
  [STYLES.brief]: {
    name: STYLES.brief,
    description: "Says only what is needed",
    keepCodingInstructions: true,
    prompt: "Answer with one sentence where one will do. Leave out what the person knows already.",
  },
  [STYLES.teaching]: {
    name: STYLES.teaching,
    description: "Explains what it does, and why",
    keepCodingInstructions: false,
    prompt: `You explain each change that you make in a sentence or two, so that the person learns from it.
## Explaining
Before and after a change, say which rule of style it follows, in the form "Rule: ...".`,
  },
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

export async function systemPrompt(toolset, folder, models, style, mode) {
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
    ...(names.has(SHELL) ? [`When you run commands with ${SHELL}, say in a few words what each of them is for.`] : []),
  ].filter((s) => s !== null);
}
