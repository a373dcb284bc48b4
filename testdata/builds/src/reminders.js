import { LOOK, EDIT, NOTES, PROGRAM, LIMIT } from "./names.js";
import { isTeam } from "./flags.js";
import { userMessage, remindAll, remind, plural } from "./text.js";

const note = (content) => remindAll([userMessage({ content, isMeta: true })]);

function fileNote(file, what) {
  return `Note: the file ${file.name} was ${what} since you last read it. This was done on purpose, so do not undo it.`;
}

export function describe(event) {
  switch (event.kind) {
    case "edited":
      return note(fileNote(event.file, "changed"));
    case "removed":
      return note(fileNote(event.file, "removed"));
    case "long_file":
      return note(`The file ${event.name} is long: only its first ${LIMIT} lines were read. Use ${LOOK} with an offset to see more of it.`);
    case "idle_notes": {
      const open = event.steps.map((s, i) => `${i + 1}. [${s.state}] ${s.text}`).join("\n");
      let text = `The ${NOTES} tool was not used for some time. If the task has several steps, think of writing them down. Never mention this reminder to the person.`;
      if (open.length > 0) text += `\n\nThese are the steps so far:\n\n${open}`;
      return note(text);
    }
    case "empty_notes":
      return note(`This is a reminder that your list of steps is empty. Do not tell the person about it. If you work on something that has steps, use ${NOTES}.`);
    case "selection":
      return note(`The person selected lines ${event.from} to ${event.to} of ${event.name}:\n${event.text.length > LIMIT ? event.text.substring(0, LIMIT) + "\n... (cut)" : event.text}\n\nThis may or may not have to do with the task.`);
    case "plan":
      if (event.short) return note("Planning is still on: read, think, and change nothing.");
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
      return note(`${event.count} ${plural(event.count, "check")} failed:\n${event.messages.map((m) => `- ${m.file}: ${m.text}`).join("\n")}`);
    case "team":
      return isTeam() ? note("Somebody else is at work on this text as well. Look at a passage again before you change it.") : [];
    case "queued":
      return [userMessage({ content: remind(`The person sent this while you were at work:\n${event.text}\n\nGo on with the task after you have answered.`), isMeta: true })];
    case "resumed":
      return [userMessage({ content: `This conversation goes on from another one. What was said there, in short:\n${event.summary}`, isMeta: true })];
  }
  return [];
}

export function context(parts) {
  return userMessage({
    content: `<system-reminder>
As you answer, you may use what is said here:
${Object.entries(parts)
  .map(([title, text]) => `# ${title}\n${text}`)
  .join("\n")}

      IMPORTANT: this may or may not have to do with the task. ${PROGRAM} adds it to every conversation.
</system-reminder>`,
    isMeta: true,
  });
}
