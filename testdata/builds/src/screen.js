// What the person sees. None of it is for the model.
import { PROGRAM } from "./names.js";

export function Menu(ui, items) {
  return ui.createElement("box", { color: "dim" }, "You may use the arrow keys to choose, and Return to go on.", ...items.map((i) => ui.createElement("row", { text: `Open the file ${i.name}` })));
}
export const hints = [
  { key: "esc", text: "Press Escape twice to go back to what you wrote before." },
  { key: "tab", text: "Press Tab to see what else you can type here." },
];
export function toast(error) {
  console.error(`${PROGRAM} could not read the file. You should check that it is there. (${error.message})`);
  return { type: "toast", content: "You can try this again in a moment, or ask for help." };
}
export class UsageError extends Error {
  constructor(option) {
    super(`You must give a value with the option ${option}, as in ${option}=value.`);
  }
}
