// Package ecma holds abstract operations of ECMAScript (ECMA-262, 15th edition): conversions between numbers and strings,
// indexing by UTF-16 code unit, quoting, white space, and the order of property keys. It knows no value of a program, only
// Go's strings and float64s, and depends on the standard library alone.
//
// A JavaScript string is a list of UTF-16 code units. It is kept here as WTF-8 (https://simonsapin.github.io/wtf-8/): UTF-8,
// where half of a surrogate pair that stands alone takes the three bytes that UTF-8 would have for it if it allowed it.
// Text of ASCII alone is its own list of code units, which is why most operations cost no more than they would on bytes.
package ecma
