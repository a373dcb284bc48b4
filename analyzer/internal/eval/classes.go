package eval

// classes are the classes of the language's library and of its runtimes, but for those of errors.
var classes []libraryClass

// globalFunctions are the functions that every program finds declared.
var globalFunctions map[string]Native

func init() {
	none := &map[string]Native{}
	classes = []libraryClass{
		{"Object", &objectStatics, &objectMethods, newPlainObject},
		{"Function", none, &functionMethods, unknownOf("function made of text")},
		{"Array", &arrayStatics, &arrayMethods, newArrayOf},
		{"String", &stringStatics, &stringMethods, stringOf},
		{"Number", &numberStatics, &numberMethods, numberOf},
		{"Boolean", none, &boolMethods, booleanOf},
		{"Symbol", &symbolStatics, &symbolMethods, newSymbol},
		{"BigInt", &bigintStatics, &bigintMethods, bigintOf},
		{"Set", none, &setMethods, collection(KindSet, "Set")},
		{"Map", &map[string]Native{"groupBy": unknownOf("a function that not every runtime has")}, &mapMethods, collection(KindMap, "Map")},
		{"WeakSet", none, none, collection(KindSet, "WeakSet")},
		{"WeakMap", none, none, collection(KindMap, "WeakMap")},
		{"Promise", &promiseStatics, none, newPromise},
		{"RegExp", none, &regexpMethods, newRegexp},
		{"Proxy", &map[string]Native{"revocable": proxyRevocable}, none, newProxy},
		{"Date", &dateStatics, &dateMethods, newDate},
		{"Buffer", &bufferStatics, &bytesMethods, func(m *Machine, this Value, args []Value) Value { return bufferStatics["from"](m, this, args) }},
		{"Uint8Array", &uint8ArrayStatics, &bytesMethods, newUint8Array},
		{"TextDecoder", none, &textDecoderMethods, newTextDecoder},
		{"TextEncoder", none, &textEncoderMethods, func(m *Machine, _ Value, _ []Value) Value {
			o := m.newObject(KindObject)
			o.Proto = m.prototypeOf("TextEncoder")
			return o
		}},
	}
	globalFunctions = map[string]Native{
		"parseInt": parseInt, "parseFloat": parseFloat, "isNaN": isNaN, "isFinite": isFinite,
		"encodeURIComponent": encoded("encodeURIComponent", unreserved), "encodeURI": encoded("encodeURI", unreserved+";/?:@&=+$,#"),
		"decodeURIComponent": decoded("decodeURIComponent", ""), "decodeURI": decoded("decodeURI", ";/?:@&=+$,#"),
		"escape": onString("escape", escapeOld), "unescape": onString("unescape", unescapeOld),
		"btoa": onString("btoa", btoa), "atob": onString("atob", atob),
		"structuredClone": structuredClone, "queueMicrotask": nothing,
		"setTimeout": laterCall, "setInterval": laterCall, "setImmediate": laterCall,
		"clearTimeout": nothing, "clearInterval": nothing, "clearImmediate": nothing,
	}
}

// laterCall is a function whose callback runs when the program's own code has: not in an evaluation.
func laterCall(m *Machine, _ Value, _ []Value) Value { return m.unknown("a timer", "timer") }

// ofHost are names that runtimes have beside those of the library, with what typeof says of them.
var ofHost = map[string]string{
	"Intl": "object", "crypto": "object", "performance": "object", "WebAssembly": "object", "Atomics": "object", "navigator": "object",
}

func init() {
	for _, name := range []string{
		"URL", "URLSearchParams", "fetch", "Headers", "Request", "Response", "FormData", "Blob", "File", "AbortController", "AbortSignal", "Event",
		"EventTarget", "MessageChannel", "MessagePort", "MessageEvent", "BroadcastChannel", "ReadableStream", "WritableStream", "TransformStream",
		"TextDecoderStream", "TextEncoderStream", "CompressionStream", "DecompressionStream", "ArrayBuffer", "SharedArrayBuffer", "DataView",
		"Int8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "Float32Array", "Float64Array",
		"BigInt64Array", "BigUint64Array", "WeakRef", "FinalizationRegistry", "DOMException", "eval", "CustomEvent", "WebSocket",
	} {
		ofHost[name] = "function"
	}
}
