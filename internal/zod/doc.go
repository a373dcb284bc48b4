// Package zod turns the definition of a Zod schema into the JSON Schema that
// the library itself would make of it.
//
// A [Def] is one schema instance, with what the library holds of it: what
// `_zod.def` holds in version 4 and `_def` in version 3. [FromDefinition]
// makes a Def from the record a constructor was given, [Def.Call] and
// [Def.Get] follow method calls and property reads on it, and [Convert] writes
// the JSON Schema, in the dialect of the library's version.
//
// What isn't known stays unknown: an unresolved part becomes the empty schema
// at its place, and a [Loss] says where and why.
package zod
