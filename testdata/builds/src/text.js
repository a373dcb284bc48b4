// Small functions that texts are made with.
export function dedent(strings, ...values) {
  return strings.reduce((all, s, i) => all + s + (i < values.length ? values[i] : ""), "").trim();
}
export function bullets(list) {
  return list.flatMap((item) => (Array.isArray(item) ? item.map((sub) => `  - ${sub}`) : [` - ${item}`]));
}
export function section(title, ...items) {
  return [`# ${title}`, ...bullets(items.filter((x) => x !== null))].join("\n");
}
export const plural = (n, one, many = one + "s") => (n === 1 ? one : many);
export function tagged(name, text) {
  return `<${name}>\n${text}\n</${name}>`;
}
export function remind(text) {
  return `<system-reminder>\n${text}\n</system-reminder>`;
}
export function userMessage({ content, isMeta = false, id }) {
  return { type: "user", message: { role: "user", content }, isMeta, id };
}
export function remindAll(messages) {
  return messages.map((m) => (typeof m.message.content === "string" ? { ...m, message: { ...m.message, content: remind(m.message.content) } } : m));
}
