import { systemPrompt, styles } from "./prompt.js";
import { all } from "./tools.js";
import { describe, context } from "./reminders.js";
import { stream, title, summary, topic } from "./ask.js";
import { load } from "./flags.js";
import { Menu, hints, toast, UsageError } from "./screen.js";

async function schemas(tools) {
  return Promise.all(tools.map(async (t) => ({ name: t.name, description: await t.prompt(), input_schema: t.inputSchema })));
}

export async function run({ client, events, folder, models, settings, ui, input }) {
  load(settings.flags ?? {});
  if (!input) throw new UsageError("--input");
  const tools = all();
  const style = settings.style ? styles[settings.style] : null;
  const prompt = await systemPrompt(tools, folder, models, style, settings.mode);
  const messages = [context(settings.context), { type: "user", message: { role: "user", content: input } }];
  for (const event of events) messages.push(...describe(event));
  const rest = { client, model: models.main };
  try {
    for await (const part of stream({ messages: messages.map((m) => m.message), systemPrompt: prompt, tools: await schemas(tools), ...rest })) {
      if (part.type === "tool_use") {
        const t = tools.find((t) => t.name === part.name);
        const { data } = await t.call(part.input, settings);
        messages.push({ type: "user", message: { role: "user", content: [t.result(data, part.id)] } });
      }
    }
  } catch (error) {
    toast(error);
  }
  await topic(input, rest);
  await title(input, rest);
  if (messages.length > 100) await summary(messages, settings.focus, rest);
  return Menu(ui, hints);
}

run(JSON.parse(process.argv[2]));
