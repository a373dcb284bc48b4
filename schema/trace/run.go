package trace

// RunFile is the file in a directory of captures that says how they came about; it is no capture.
const RunFile = "run.json"
