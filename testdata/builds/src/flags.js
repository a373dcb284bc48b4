// Switches: the environment, and flags that a server answers.
let answers = {};
export function load(given) {
  answers = given;
}
export function flag(key, fallback) {
  return key in answers ? answers[key] : fallback;
}
export function isOn(value) {
  if (!value) return false;
  return ["1", "true", "yes"].includes(String(value).toLowerCase());
}
export const isSandboxed = () => isOn(process.env.HERON_SANDBOX);
export const isTeam = () => flag("heron_team", false) && !isOn(process.env.HERON_ALONE);
export function timeout() {
  const given = process.env.HERON_TIMEOUT_MS;
  if (given) {
    const n = parseInt(given, 10);
    if (n > 0) return n;
  }
  return 120_000;
}
