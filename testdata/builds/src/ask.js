import { PROGRAM } from "./names.js";
import { userMessage, tagged } from "./text.js";
import { flag } from "./flags.js";

export async function* stream({ messages, systemPrompt, tools, client, model }) {
  const system = systemPrompt.map((text) => ({ type: "text", text, cache_control: { type: "ephemeral" } }));
  yield* client.beta.messages.stream({ model, max_tokens: 8000, messages, system, tools, stream: true });
}

async function once(request) {
  let last;
  for await (const part of stream(request)) last = part;
  return last;
}

export async function title(text, rest) {
  return once({
    ...rest,
    systemPrompt: ["Write a title for this conversation: three to six words, no full stop, nothing but the title."],
    messages: [userMessage({ content: text })],
    tools: [],
  });
}

export async function summary(messages, focus, rest) {
  let text = `Write a summary of the conversation so far, so that ${PROGRAM} can go on without it.

Say in this order:
1. What the person asked for.
2. What was done, with the names of all files.
3. What is left to do.`;
  if (focus && focus.trim() !== "") text += `\n\nThe person wants you to keep in mind:\n${focus}`;
  text += "\n\nAnswer with text only. Do not call any tool.";
  return once({ ...rest, systemPrompt: [`You are ${PROGRAM}, and you write summaries of conversations.`], messages: [...messages, userMessage({ content: text })], tools: [] });
}

export async function topic(input, rest) {
  const ask = flag("heron_topics", true)
    ? "Say whether this begins a new topic. Answer with JSON that has the fields isNew (a boolean) and title (two or three words, or null)."
    : "Say in one word what this is about.";
  return once({ ...rest, systemPrompt: [ask], messages: [userMessage({ content: tagged("input", input) })], tools: [] });
}
