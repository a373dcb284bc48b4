// Names that other modules put into their texts.
export const PROGRAM = "Heron";
export const LOOK = "Look";
export const EDIT = "Edit";
export const SHELL = "Shell";
export const NOTES = "Notes";
export const HELPER = "Helper";
export const LIMIT = 2000;
export const MINUTE = 60_000;
export const STYLES = { brief: "Brief", teaching: "Teaching" };
