import { LOOK, SHELL, PROGRAM } from "./names.js";
import { flag } from "./flags.js";

const READ_ONLY = "You must not change anything: you have been given no tool that writes, and you shall not write by other means.";

const finder = {
  agentType: "finder",
  whenToUse: "Finds where something is said in a long text, or in many. Use it when one search will not do.",
  tools: [LOOK, SHELL],
  model: "small",
  getSystemPrompt: () => `You are a helper of ${PROGRAM} that finds passages.

${READ_ONLY}

Answer with a list of the places that you found, the surest first, each with its file and line.`,
};

const critic = {
  agentType: "critic",
  whenToUse: "Reads a text as a stranger would, and says what is hard to follow.",
  tools: [LOOK],
  getSystemPrompt() {
    const strict = flag("heron_harsh", false) ? "\nBe harsh: nobody learns from praise." : "";
    return `You read a text for the first time and know nothing of its writer.

${READ_ONLY}
Say where you stopped, where you went back, and where you lost interest.${strict}`;
  },
};

const translator = {
  agentType: "translator",
  whenToUse: "Puts a text into another language without smoothing it.",
  getSystemPrompt: ({ language }) => `You translate into ${language}. Keep what is odd about the original: a strange sentence is translated by a strange sentence.`,
};

export const agents = [finder, critic, translator];
