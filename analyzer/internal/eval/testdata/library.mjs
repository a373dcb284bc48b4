// Writes random expressions that use the language's library, as a JSON list of texts: each method of each class on several
// values, with arguments of many kinds. Arguments: a seed and how often each is used.
const values = {
  String: ['""', '"abcABC"', '"a-b-c"', '"  x y  "', '"😀é\\u0301"', '"\\ud83d x"', '"10.50"', '"ß İ ı"'],
  Array: ["[]", "[1,2,3]", '["b","a","c"]', "[3,10,1,,undefined,null]", "[[1,[2,[3]]],4]", "[NaN,0,-0]", '["x",true,{a:1}]'],
  Number: ["(0)", "(-0)", "(1.5)", "(-255)", "(1e21)", "(1e-7)", "NaN", "Infinity", "(123.456)", "(0.000001)"],
  Boolean: ["true", "false"],
  BigInt: ["(0n)", "(-5n)", "123456789012345678901234567890n"],
  RegExp: ["/a/", "/(a)(?<n>b)?/g", "/\\d+/y", "/[a-z]/giu", "/^x$/m", "/\\p{L}/u", "/(?<=a)b/"],
  Map: ["new Map", '(new Map([["a",1],["b",2]]))', "(new Map([[NaN,1],[0,2]]))"],
  Set: ["(new Set)", "(new Set([1,2,3]))", '(new Set(["a",NaN]))'],
  Date: ["(new Date(0))", "(new Date(86400000*365))", "(new Date(NaN))", "(new Date(Date.UTC(2024,1,29,12,30,45,678)))"],
  Error: ['(new Error("m"))', '(new TypeError("t",{cause:1}))'],
  Function: ["((a,b=1)=>[a,b])", "(class K{static x=1;m(){}})", "Math.max"],
  Object: ["({a:1,b:{c:2}})", "Object.create({p:1})", "Object.freeze({a:1})"],
  Uint8Array: ["(new Uint8Array([1,2,255]))", "(new Uint8Array(3))"],
  URLSearchParams: ['(new URLSearchParams("a=1&b=2&a=3"))', '(new URLSearchParams({q:"x y"}))'],
};
const statics = ["Object", "Array", "String", "Number", "Math", "JSON", "BigInt", "Symbol", "Date", "Map", "RegExp", "Uint8Array"];
const functions = ["parseInt", "parseFloat", "isNaN", "isFinite", "encodeURIComponent", "decodeURIComponent", "encodeURI", "decodeURI", "escape",
  "unescape", "String", "Number", "Boolean", "BigInt", "Object", "Array", "btoa", "atob", "RegExp", "Date.parse", "Date.UTC"];
const given = ["", "0", "1", "-1", "2", '"a"', '"b","x"', "/b/", "/[a-c]/g", "1,2", "0,-1", "x=>x", "(a,b)=>a>b?1:-1", "(a,b)=>a+b", "(x,i)=>[x,i]",
  "undefined", "null", "NaN", "[1,2]", "{}", '"a",1', '"",""', '3,"ab"', '1,0,"n"', '"$&$1"', '/(b)/,"<$1$&>"', "/b/g,(m,o)=>m+o", 'new Set([1,"a"])',
  "Infinity", '"NFD"', '"x","y","z"', "16", "true", "[[1,2]]", '"length"', '"en"', "20", "()=>1", "{a:2}", '"constructor"', "{a:1,b:2}", '"1e3"', '"0x1f"',
  '"12px"', "{a:[1,{b:2}]},null,2", "{a:undefined,b:()=>1}", '"{\\"a\\":1}"', '[["a",1]]', "{length:2},x=>x", "-1.5", "65,66", '"a\\u2028b"', "64,-1n"];
// What an engine computes in its own way, what depends on where it runs, what is called with code, and members that a program
// asks for by no name of its own.
const left = /stack|toLocale|imezone|localeCompare|captureStackTrace|^(random|now|prototype|eval|constructor|__.*|getPrototypeOf|setPrototypeOf|create|defineProperty|caller|callee|arguments|dispose|asyncDispose|\W.*)$/;

let seed = Number(process.argv[2]);
const random = (list) => list[Math.floor(((seed = (seed * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff) * list.length) % list.length];
const found = [];
const namesOf = (o, until) => {
  const names = new Set();
  for (let p = o; p && p !== until; p = Object.getPrototypeOf(p)) for (const n of Object.getOwnPropertyNames(p)) if (!left.test(n)) names.add(n);
  return names;
};
// What JSON has no text for, as a text.
const shown = (e) => `(()=>{try{let r=${e};if(r!=null&&typeof r=="object"&&typeof r.next=="function")r=[...r];if(r instanceof Map||r instanceof Set)r=["of",...r];` +
  `if(typeof r=="bigint")r=r+"n";if(typeof r=="symbol")r=String(r);if(typeof r=="function")r="function";if(typeof r=="number")r=Object.is(r,-0)?"-0":String(r);` +
  `if(r instanceof RegExp)r=String(r);return r===undefined?"undefined":r}catch(e){return "! "+e.name}})()`;
for (let round = 0; round < Number(process.argv[3]); round++) {
  for (const [name, list] of Object.entries(values)) {
    const prototype = globalThis[name].prototype;
    for (const n of namesOf(prototype, prototype === Object.prototype ? null : Object.prototype)) {
      const of = random(list) + "." + n;
      found.push(shown(of), shown(`${of}(${random(given)})`));
    }
  }
  for (const name of statics) for (const n of namesOf(globalThis[name], Function.prototype)) found.push(shown(`${name}.${n}(${random(given)})`));
  for (const name of functions) found.push(shown(`${name}(${random(given)})`));
}
process.stdout.write(JSON.stringify([...new Set(found)]));
