// Records what a program sends to its model. Loaded before the program:
//
//   Node   NODE_OPTIONS="--require=/path/to/hook.cjs"
//   Bun    BUN_OPTIONS="--preload=/path/to/hook.cjs"      (executables made by Bun, too)
//
// Settings, all from the environment:
//
//   BUNDLENS_TRACE_DIR         the directory to write to; without it nothing is recorded
//   BUNDLENS_TRACE_PATHS       ends of the paths to record, with commas between; those of the APIs that are known if not set
//   BUNDLENS_TRACE_HOSTS       hosts to record, with commas between; every host if not set
//   BUNDLENS_TRACE_MAX_BODY    bytes kept of a request's body, and of an answer's; 33554432 if not set
//   BUNDLENS_TRACE_SECRETS     names of more environment variables whose values are taken out, with commas between
//   BUNDLENS_TRACE_DEBUG       1 writes what goes wrong in here to standard error
//
// One file a request: written when it is sent, and again when its answer has ended or the program ends. Nothing in here
// makes the program wait or fail: the answer is watched as the program reads it, and each error is swallowed.
"use strict";
(() => {
  const env = process.env;
  const dir = env.BUNDLENS_TRACE_DIR;
  const MARK = Symbol.for("bundlens.trace.hook");
  if (!dir || globalThis[MARK] || typeof globalThis.fetch !== "function") return;
  Object.defineProperty(globalThis, MARK, { value: true });

  const fs = require("node:fs");
  const { join } = require("node:path");
  const { AsyncLocalStorage } = require("node:async_hooks");
  const rules = /* RULES */ null;
  const split = (text) => (text || "").split(",").map((s) => s.trim()).filter(Boolean);
  const paths = split(env.BUNDLENS_TRACE_PATHS || "/v1/messages,/chat/completions,/responses,:generateContent,:streamGenerateContent");
  const hosts = split(env.BUNDLENS_TRACE_HOSTS);
  const thread = (() => {
    try {
      return require("node:worker_threads").threadId;
    } catch {
      return 0;
    }
  })();
  const inBun = typeof Bun !== "undefined";
  const maxBody = Number(env.BUNDLENS_TRACE_MAX_BODY) > 0 ? Number(env.BUNDLENS_TRACE_MAX_BODY) : 32 << 20;
  const debug = (e) => env.BUNDLENS_TRACE_DEBUG === "1" && fs.writeSync(2, `bundlens hook: ${e && e.stack ? e.stack : e}\n`);
  const quietly = (f) => {
    try {
      return f();
    } catch (e) {
      try { debug(e); } catch {}
    }
  };
  quietly(() => fs.mkdirSync(dir, { recursive: true, mode: 0o700 }));

  // ---- secrets: what the package redact of this program does, with its table
  const insensitive = (name) => new RegExp(rules[name], "i");
  const plainHeader = insensitive("headers");
  const plainParameter = insensitive("parameters");
  const secretHeader = insensitive("secretHeaders");
  const secretVariable = insensitive("environment");
  const secretMember = insensitive("members");
  const secretOption = insensitive("options");
  const headerOption = new RegExp(rules.headerOptions);
  const userOption = new RegExp(rules.userOptions);
  const named = new Set(split(env.BUNDLENS_TRACE_SECRETS));
  const harmless = new Set(["string", "none", "null", "true", "false", "auto", "oauth"]);
  const deepest = 12; // texts within texts
  const lead = 64; // how far before its words a rule's finds may start
  const maxWindow = 4 << 10;
  const longest = 1 << 18; // what a pattern is tried on: engines give up in a long text that one part of a pattern fits
  const attempt = (f) => {
    try {
      return f();
    } catch {
      return undefined;
    }
  };

  // lowered changes ASCII only, so that places in both texts are the same, and keeps which three characters stand in it.
  const lowered = (text) => {
    const lower = text.replace(/[A-Z]+/g, (s) => s.toLowerCase());
    const grams = new Uint8Array(1 << 16);
    for (let i = 2; i < lower.length; i++) grams[gram(lower, i - 2)] = 1;
    return { text: lower, has: (word) => (word.length < 3 || grams[gram(word, 0)] === 1) && lower.includes(word) };
  };
  const gram = (s, i) => (s.charCodeAt(i) * 0x9e5 + s.charCodeAt(i + 1) * 0x61c9 + s.charCodeAt(i + 2) * 0x7feb) & 0xffff;

  // merged puts together what overlaps, in order, as long as it does not become longer than that.
  const merged = (spans, longest) => {
    spans.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const out = [];
    for (const s of spans) {
      const last = out[out.length - 1];
      if (last && s[0] < last[1] && s[1] - last[0] <= longest) last[1] = Math.max(last[1], s[1]);
      else out.push([s[0], s[1]]);
    }
    return out;
  };

  // windows are the parts of a text in which a rule has to be looked for.
  const windows = (rule, lower) => {
    const list = [];
    for (const w of rule.words) {
      if (!lower.has(w)) continue;
      if (!rule.reach) return [[0, lower.text.length]];
      for (let at = lower.text.indexOf(w); at >= 0; at = lower.text.indexOf(w, at + w.length)) {
        list.push([Math.max(0, at - lead), Math.min(lower.text.length, at + w.length + rule.reach)]);
      }
    }
    return merged(list, maxWindow);
  };

  const basicUser = (encoded) => {
    const text = decoded(encoded);
    return text && text.includes(":") ? text : undefined;
  };
  const holds = (check, secret) =>
    check === "mixed" ? /[0-9]/.test(secret) && /\p{L}/u.test(secret) : check === "basic" ? basicUser(secret) !== undefined : true;

  // find answers where a rule finds secrets in a part of a text, and behind it where one goes on there. One that goes on
  // for longer than patterns are tried on reaches as far as no space and no quote stands.
  const find = (rule, text, [start, end]) => {
    rule.compiled = rule.compiled || new RegExp(rule.pattern, "g" + (rule.flags || ""));
    let found, last;
    for (;;) {
      found = [...text.slice(start, end).matchAll(rule.compiled)];
      last = found[found.length - 1];
      if (end >= text.length || !last || start + last.index + last[0].length < end) break;
      if (end - start >= longest) {
        const from = start + last.index + (last.length >= 3 ? last[1].length : 0);
        return [...secretsOf(rule, text, start, found.slice(0, -1)), [from, wordEnd(text, end)]];
      }
      end = Math.min(text.length, end + (end - start));
    }
    return secretsOf(rule, text, start, found);
  };
  const secretsOf = (rule, text, start, found) => {
    const out = [];
    for (const m of found) {
      const grouped = m.length >= 3;
      const from = start + m.index + (grouped ? m[1].length : 0);
      const to = start + m.index + m[0].length - (grouped ? m[2].length : 0);
      const secret = text.slice(from, to);
      if (from < to && !secret.includes(rules.mask) && holds(rule.check, secret)) out.push([from, to]);
    }
    return out;
  };
  const wordEnd = (text, at) => {
    while (at < text.length && !" \t\r\n\"'`".includes(text[at])) at++;
    return at;
  };

  // runsOf are the parts of a text that may be base64, from and to, however long they are.
  const runsOf = function* (text) {
    const begin = /[A-Za-z0-9+/_-]{16,4096}/g;
    const more = /[A-Za-z0-9+/_-]{0,4096}={0,2}/y;
    for (let m = begin.exec(text); m; m = begin.exec(text)) {
      let end = begin.lastIndex;
      for (let before = -1; before < end && text[end - 1] !== "="; end = more.lastIndex) {
        before = more.lastIndex = end;
        more.exec(text);
      }
      yield [m.index, end];
      begin.lastIndex = end;
    }
  };

  // decoded answers what a base64 text says, if it is a readable text.
  const decoded = (run) => {
    run = run.replace(/=+$/, "");
    if (run.length % 4 === 1) return undefined;
    const head = attempt(() => Buffer.from(run.slice(0, 64), "base64"));
    if (!head || !readable(head.toString("utf8").replace(/\ufffd$/, ""))) return undefined; // a picture of megabytes
    const text = Buffer.from(run, "base64").toString("utf8");
    return readable(text) ? text : undefined;
  };
  const readable = (text) => text !== "" && !/[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f\ufffd]/.test(text);

  // unescaped is a text with its escapes taken for what they mean in JSON, and where each character comes from.
  const unescaped = (text) => {
    if (!text.includes("\\")) return null;
    const places = [];
    let out = "";
    for (let i = 0; i < text.length;) {
      places.push(i);
      if (text[i] !== "\\" || i + 1 === text.length) {
        out += text[i++];
        continue;
      }
      const c = text[i + 1];
      const code = c === "u" && /^[0-9a-fA-F]{4}$/.test(text.slice(i + 2, i + 6)) ? parseInt(text.slice(i + 2, i + 6), 16) : -1;
      const k = "abefnrtv".indexOf(c);
      out += code >= 0 ? String.fromCharCode(code) : k >= 0 ? "\x07\b\x1b\f\n\r\t\v"[k] : c;
      i += code >= 0 ? 6 : 2;
    }
    places.push(text.length);
    return { text: out, places };
  };

  class Redactor {
    constructor() {
      this.known = [];
      this.count = 0;
      for (const [name, value] of Object.entries(env)) {
        if (named.has(name) || secretVariable.test(name)) this.know(value);
      }
      this.options(process.argv);
    }
    know(value) {
      if (typeof value !== "string") return;
      for (const v of [value, attempt(() => encodeURIComponent(value))]) {
        if (v && v.length >= rules.shortest && v !== rules.mask && !this.known.includes(v)) this.known.push(v);
      }
      this.known.sort((a, b) => b.length - a.length); // one may hold another
    }
    // options knows the values of options whose names speak of secrets.
    options(args) {
      args.forEach((arg, i) => {
        const [, name, value = args[i + 1] || ""] = /^(-[^=]*)(?:=([^]*))?$/.exec(arg) || [];
        if (!name) return;
        if (secretOption.test(name)) this.know(value);
        else if (userOption.test(name)) this.know(value.split(":").slice(1).join(":"));
        else if (headerOption.test(name) && secretHeader.test(value.split(":")[0])) this.knowHeader(value.split(":").slice(1).join(":").trim());
      });
    }
    mask() {
      this.count++;
      return rules.mask;
    }
    headers(list) {
      const all = (list || []).map(([name, value]) => [String(name).toLowerCase(), String(value)]);
      for (const [name, value] of all) if (secretHeader.test(name) && !plainHeader.test(name)) this.knowHeader(value);
      const out = {};
      for (const [name, value] of all) out[name] = plainHeader.test(name) ? this.text(value) : value === "" ? "" : this.mask();
      return out;
    }
    knowHeader(value) {
      this.know(value);
      const at = value.indexOf(" ");
      if (at > 0) {
        this.know(value.slice(at + 1));
        const user = basicUser(value.slice(at + 1));
        this.know(user);
        if (user) this.know(user.slice(user.indexOf(":") + 1));
      }
      for (const pair of value.split(";")) {
        const eq = pair.indexOf("=");
        if (eq >= 0) this.know(pair.slice(eq + 1).trim());
      }
    }
    url(address) {
      const [, base, query, fragment] = /^([^?#]*)(?:\?([^#]*))?(?:#([^]*))?$/.exec(address) || [0, address];
      const [, scheme = "", user, rest] = /^([^/]*:\/\/)?(?:([^/]*)@)?([^]*)$/.exec(base);
      let out = this.text(scheme + (user && scheme ? this.mask() + "@" : user ? user + "@" : "") + rest);
      if (query !== undefined) {
        out += "?" + query.split("&").map((pair) => {
          const eq = pair.indexOf("=");
          if (eq < 0) return this.text(pair);
          const name = pair.slice(0, eq);
          const value = pair.slice(eq + 1);
          if (value === "") return pair;
          if (plainParameter.test(name)) return this.text(name) + "=" + this.text(value);
          this.know(value);
          this.know(attempt(() => decodeURIComponent(value)));
          return this.text(name) + "=" + this.mask();
        }).join("&");
      }
      return fragment ? out + "#" + this.mask() : out;
    }
    text(text, depth = 0) {
      if (text.length < 4) return text;
      if (depth < deepest && /^[ \t\r\n]*[{["]/.test(text)) {
        const value = attempt(() => ({ is: JSON.parse(text) }));
        if (value) {
          const before = this.count;
          const clean = this.value(value.is, "", depth);
          return this.count === before ? text : JSON.stringify(clean);
        }
      }
      return this.plain(text, depth);
    }
    // value takes secrets out of a JSON value.
    value(v, member, depth) {
      if (Array.isArray(v)) return v.map((x) => this.value(x, member, depth));
      if (v !== null && typeof v === "object") {
        const out = {};
        const called = typeof v.name === "string" ? v.name : typeof v.key === "string" ? v.key : "";
        for (const key of Object.keys(v)) {
          // one with a name and a value is a header or a cookie
          const as = key === "value" && secretHeader.test(called) ? "secret" : key;
          const clean = this.value(v[key], as, depth);
          Object.defineProperty(out, this.text(key, depth + 1), { value: clean, enumerable: true, configurable: true, writable: true });
        }
        return out;
      }
      if (typeof v === "number" && secretMember.test(member) && String(v).length >= 4) return this.mask();
      if (typeof v !== "string") return v;
      if (secretMember.test(member) && v !== "" && v !== rules.mask && !harmless.has(v)) {
        this.know(v);
        return this.mask();
      }
      return this.text(v, depth + 1);
    }
    plain(text, depth) {
      const spans = merged(this.secrets(text, depth), text.length);
      let out = "";
      let at = 0;
      for (const [start, end] of spans) {
        out += text.slice(at, start) + this.mask();
        at = end;
      }
      return out + text.slice(at);
    }
    // secrets are the parts of a text that are secret.
    secrets(text, depth) {
      const spans = [];
      for (const value of this.known) {
        for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) spans.push([at, at + value.length]);
      }
      const lower = lowered(text);
      for (const rule of rules.rules) for (const w of windows(rule, lower)) spans.push(...find(rule, text, w));
      if (depth >= deepest) return spans;
      for (const [start, end] of runsOf(text)) {
        const plain = decoded(text.slice(start, end));
        if (plain && this.changes(plain, depth + 1)) spans.push([start, end]);
      }
      // JSON that was cut off, or stands within other text, has its secrets escaped.
      const plain = unescaped(text);
      if (plain) for (const [start, end] of this.secrets(plain.text, depth + 1)) spans.push([plain.places[start], plain.places[end]]);
      return spans;
    }
    changes(text, depth) {
      const before = [this.count, [...this.known]];
      const clean = this.text(text, depth);
      [this.count, this.known] = before;
      return clean !== text;
    }
    // pieces takes secrets out of texts that are one text when put together: a stream may cut one anywhere.
    pieces(list) {
      const whole = list.join("");
      const clean = this.text(whole);
      if (clean === whole) return list;
      return list.map((_, i) => (i === 0 ? clean : ""));
    }
  }
  // ---- files
  let counter = 0;
  const open = new Set(); // records whose answer has not ended
  const stamp = () => new Date().toISOString().replace(/[-:]/g, "");
  const save = (rec) => quietly(() => {
    if (rec.dropped) return;
    const red = new Redactor();
    for (const value of rec.known || []) red.know(value);
    if (!rec.request) {
      rec.request = requestOf(rec, red);
      rec.redacted = red.count;
      rec.known = red.known;
      red.count = 0;
    }
    const file = {
      bundlens: "capture", version: 1, id: rec.id, startedAt: rec.startedAt, durationMs: Date.now() - rec.start, redactions: 0,
      request: rec.request, response: responseOf(rec, red),
    };
    file.redactions = rec.redacted + red.count;
    const tmp = join(dir, `.${rec.id}.tmp`);
    fs.writeFileSync(tmp, JSON.stringify(file) + "\n", { mode: 0o600 });
    fs.renameSync(tmp, join(dir, `${rec.id}.json`));
    rec.fresh = false;
  });
  const drop = (rec) => {
    rec.dropped = true;
    open.delete(rec);
    quietly(() => fs.rmSync(join(dir, `${rec.id}.json`), { force: true }));
  };
  // Writing waits until the program has what it waits for.
  const finish = (rec) => {
    rec.ended = true;
    later(() => open.delete(rec) && save(rec));
  };
  const later = (f) => {
    const t = setImmediate(f);
    if (t && t.unref) t.unref(); // the program may end: then the exit does it
  };
  process.on("exit", () => {
    for (const rec of [...open]) open.delete(rec) && save(rec);
  });

  const parsed = (text) => {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  };

  const requestOf = (rec, red) => {
    const out = { method: rec.method, headers: red.headers(rec.headers), url: "", bytes: rec.bytes, body: null };
    out.url = red.url(rec.url);
    if (rec.body == null) {
      out.omitted = [rec.bodyWhy || "body"];
      return out;
    }
    let text = rec.body;
    if (rec.bytes > maxBody) {
      // The messages are what grows; what the model is told of its tools stays.
      const body = parsed(text);
      out.omitted = ["messages"];
      if (!body || typeof body !== "object") return { ...out, omitted: ["body"] };
      text = JSON.stringify({ ...body, messages: [] });
      if (Buffer.byteLength(text) > maxBody) return { ...out, omitted: ["body"] };
    }
    // A text that is too long for the rules is left out: what can't be searched for secrets is not written.
    const clean = attempt(() => red.text(text));
    if (typeof clean !== "string") return { ...out, omitted: ["body"] };
    out.body = parsed(clean);
    return out;
  };

  const responseOf = (rec, red) => {
    const res = rec.response;
    if (!res && !rec.error && !rec.aborted) return null;
    if (!res) return { status: 0, headers: {}, bytes: 0, complete: false, error: red.text(rec.error || ""), aborted: rec.aborted };
    const out = { status: res.status, headers: red.headers(res.headers), bytes: res.bytes, complete: rec.complete === true };
    if (rec.aborted) out.aborted = true;
    if (rec.error) out.error = red.text(rec.error);
    if (res.truncated) out.truncated = true;
    const text = Buffer.concat(res.chunks).toString("utf8");
    if ((res.type || "").includes("event-stream")) out.events = eventsOf(text, res.truncated, red);
    // The last word of a text that was cut off may be half a secret.
    else {
      const clean = attempt(() => red.text(res.truncated ? text.replace(/\S{0,4096}$/, "") : text));
      if (typeof clean === "string") out.body = parsed(clean);
      else out.truncated = true;
    }
    return out;
  };

  // eventsOf reads the events of a stream. The texts of one block are cleaned as one text.
  const eventsOf = (text, truncated, red) => {
    const events = [];
    const blocks = text.split(/\r?\n\r?\n/);
    const tail = blocks.pop();
    for (const block of blocks) {
      let event = "";
      const data = [];
      for (const line of block.split(/\r?\n/)) {
        if (line.startsWith("event:")) event = line.slice(6).trim();
        else if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
      }
      if (data.length) events.push({ event, data: parsed(data.join("\n")) });
    }
    if (tail && tail.trim() && !truncated) events.push({ event: "cut", data: "" });
    // Texts at the same place of the same block are one text, which the stream cuts anywhere.
    const runs = new Map();
    const leaves = (at, path, key) => {
      if (typeof at[key] === "string") {
        if (!runs.has(path)) runs.set(path, []);
        runs.get(path).push([at, key]);
      } else if (at[key] && typeof at[key] === "object") {
        for (const k of Object.keys(at[key])) leaves(at[key], path + "." + (at[key][k] && at[key][k].index !== undefined ? at[key][k].index : k), k);
      }
    };
    for (const e of events) {
      const d = e.data || {};
      leaves(e, [d.type, d.index, d.item_id, d.output_index, d.content_index].join(), "data");
    }
    for (const run of runs.values()) {
      if (run.length < 2) continue;
      const clean = red.pieces(run.map(([at, key]) => at[key]));
      run.forEach(([at, key], i) => (at[key] = clean[i]));
    }
    return parsed(red.text(JSON.stringify(events)));
  };

  // ---- requests
  const wanted = (url) => {
    const u = new URL(url);
    const path = u.pathname.replace(/\/$/, "");
    return paths.some((p) => path.endsWith(p)) && (!hosts.length || hosts.includes(u.host) || hosts.includes(u.hostname));
  };
  const addressOf = (input) => (typeof input === "string" ? input : input instanceof URL ? input.href
    : input && typeof input === "object" && input.url === undefined ? String(input) : input && input.url);

  // headersOf reads headers without touching those of the program.
  const headersOf = (input, init) => {
    const given = (init && init.headers) || (input && typeof input === "object" && !(input instanceof URL) && input.headers);
    return given ? [...new Headers(given).entries()] : [];
  };

  const bodyOf = (rec, input, init) => {
    const body = init && init.body !== undefined ? init.body : undefined;
    const plain = (bytes) => unpacked(bytes, headerOf(rec.headers, "content-encoding")).toString("utf8");
    const text = typeof body === "string" ? body
      : body instanceof Uint8Array ? plain(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
      : body instanceof ArrayBuffer ? plain(Buffer.from(body))
      : body instanceof URLSearchParams ? body.toString() : null;
    if (text !== null) {
      rec.body = text;
      rec.bytes = Buffer.byteLength(text);
      return;
    }
    // The body of a Request, or a Blob: read from a copy, while the request is on its way.
    // A stream is passed on, and kept as it is sent.
    const isStream = body instanceof ReadableStream;
    if (isStream ? !body.locked : body && typeof body === "object" && !(body instanceof Blob) && !(body instanceof FormData) && body[Symbol.asyncIterator]) {
      const parts = [];
      rec.bodyWhy = "streamed body";
      const keep = (chunk) => quietly(() => (rec.bytes += chunk.length) <= maxBody && parts.push(Buffer.from(chunk)));
      const end = () => quietly(() => {
        if (rec.bytes > maxBody) return;
        rec.body = plain(Buffer.concat(parts));
        rec.request = null; // written without it before
        later(() => save(rec));
      });
      const passed = isStream ? body.pipeThrough(new TransformStream({
        transform(chunk, controller) {
          keep(chunk);
          controller.enqueue(chunk);
        },
        flush: end,
      }, undefined, { highWaterMark: 0 })) : (async function* () {
        for await (const chunk of body) {
          keep(chunk);
          yield chunk;
        }
        end();
      })();
      rec.init = Object.create(init, { body: { value: passed, enumerable: true } });
      return;
    }
    const copy = body instanceof Blob ? body : body === undefined && input && typeof input.clone === "function" ? input.clone() : null;
    if (!copy) {
      rec.bodyWhy = body ? "streamed body" : "body";
      return;
    }
    rec.bodyWhy = "body";
    copy.text().then((t) => {
      rec.body = t;
      rec.bytes = Buffer.byteLength(t);
      rec.request = null; // written without it before
      save(rec);
    }).catch(debug);
  };

  const begin = (input, init) => quietly(() => {
    const url = addressOf(input);
    if (!url || !wanted(url)) return undefined;
    const rec = {
      id: `${stamp()}-${process.pid}-${thread}-${String(++counter).padStart(4, "0")}`, start: Date.now(), startedAt: new Date().toISOString(),
      method: (init && init.method) || (input && input.method) || "GET", url, headers: headersOf(input, init), body: null, bytes: 0, response: null,
    };
    bodyOf(rec, input, init);
    open.add(rec);
    later(() => !rec.request && save(rec));
    const signal = (init && init.signal) || (input && typeof input === "object" && input.signal);
    if (signal && signal.addEventListener) {
      signal.addEventListener("abort", () => {
        if (!open.has(rec) || rec.ended) return;
        rec.aborted = true;
        finish(rec);
      }, { once: true });
    }
    return rec;
  });

  const aborted = (e) => !!e && (e.name === "AbortError" || e.name === "TimeoutError");
  const failed = (rec, e) => {
    rec.aborted = rec.aborted || aborted(e);
    if (!rec.aborted) rec.error = String((e && e.message) || e);
    finish(rec);
  };

  // watched answers a response that is like the given one; its body passes on what the program reads, as it reads it.
  const watched = (rec, response) => {
    rec.response = { status: response.status, headers: [...response.headers.entries()], type: response.headers.get("content-type"), chunks: [], bytes: 0 };
    if (!response.body) {
      rec.complete = true;
      finish(rec);
      return response;
    }
    const reader = response.body.getReader();
    const keep = (chunk) => quietly(() => {
      const res = rec.response;
      if (res.bytes + chunk.byteLength > maxBody) res.truncated = true;
      if (!res.truncated) res.chunks.push(chunk);
      res.bytes += chunk.byteLength;
      rec.fresh = true;
    });
    const stream = new ReadableStream({
      type: inBun ? undefined : "bytes", // as the runtime's own are
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) {
            controller.close();
            if (controller.byobRequest) controller.byobRequest.respond(0);
            rec.complete = true;
            finish(rec);
            return;
          }
          controller.enqueue(new Uint8Array(value)); // a copy, which becomes the program's
          keep(value);
        } catch (e) {
          failed(rec, e);
          controller.error(e);
        }
      },
      cancel(reason) {
        rec.aborted = true;
        finish(rec);
        return reader.cancel(reason);
      },
    }, { highWaterMark: 0 });
    const copy = new Response(stream, { status: response.status, statusText: response.statusText, headers: response.headers });
    for (const name of ["url", "redirected", "type"]) Object.defineProperty(copy, name, { value: response[name] });
    return copy;
  };

  // ---- fetch
  const calls = new AsyncLocalStorage();
  const wrapped = new WeakMap(); // a fetch and the one that records it
  const ours = new WeakSet();
  // like makes a function look like another. What hangs on that, such as Bun's fetch.preconnect, stays reachable.
  const like = (inner, outer) => {
    quietly(() => Object.defineProperties(outer, { length: { value: inner.length }, name: { value: inner.name } }));
    quietly(() => Object.setPrototypeOf(outer, inner));
    ours.add(outer);
    return outer;
  };
  const wrap = (inner) => {
    if (typeof inner !== "function" || ours.has(inner)) return inner;
    if (wrapped.has(inner)) return wrapped.get(inner);
    const outer = function fetch(input, init) {
      const rec = begin(input, init);
      if (!rec) return Reflect.apply(inner, this === undefined ? globalThis : this, arguments);
      // A program's own fetch may call the one before it, which records as well: what goes out last is the truth.
      const parent = calls.getStore();
      for (let p = parent; p; p = p.parent) p.nested = true;
      const call = { nested: false, parent };
      let promise;
      try {
        const args = rec.init ? [input, rec.init] : arguments;
        promise = calls.run(call, () => Reflect.apply(inner, globalThis, args));
      } catch (e) {
        failed(rec, e);
        throw e;
      }
      return Promise.resolve(promise).then(
        (response) => {
          if (!call.nested) return quietly(() => watched(rec, response)) || (finish(rec), response);
          drop(rec);
          return response;
        },
        (e) => {
          if (call.nested) drop(rec);
          else failed(rec, e);
          throw e;
        },
      );
    };
    wrapped.set(inner, outer);
    return like(inner, outer);
  };
  let current = wrap(globalThis.fetch);
  // Each look gives another function. A program may keep what it finds at its start, and use a client of its own as long
  // as it finds the same; what it takes for replaced it uses.
  const fresh = () => {
    const inner = current;
    return like(inner, function fetch() {
      return Reflect.apply(inner, this, arguments);
    });
  };
  const install = () => Object.defineProperty(globalThis, "fetch", {
    configurable: true,
    enumerable: true,
    get: fresh,
    set: (value) => {
      current = wrap(value);
    },
  });
  quietly(install);
  // A program that defines the property anew takes the setter away. And one that is killed leaves what was there a
  // second before.
  let ticks = 0;
  const again = setInterval(() => quietly(() => {
    if (++ticks % 10 === 0) for (const rec of open) if (rec.fresh) save(rec);
    const d = Object.getOwnPropertyDescriptor(globalThis, "fetch");
    if (d && "value" in d && !ours.has(d.value) && d.configurable) {
      current = wrap(d.value);
      install();
    }
  }), 100);
  if (again && again.unref) again.unref();

  // ---- http, https, http2, and undici where a program brings its own. What fetch sent is recorded above.
  const started = (method, url, headers) => quietly(() => {
    if (calls.getStore() || !wanted(url)) return undefined;
    const rec = {
      id: `${stamp()}-${process.pid}-${thread}-${String(++counter).padStart(4, "0")}`, start: Date.now(), startedAt: new Date().toISOString(),
      method, url, headers, body: null, bodyWhy: "body", bytes: 0, response: null, sent: [],
    };
    open.add(rec);
    return rec;
  });
  const sending = (rec, chunk, encoding) => quietly(() => {
    if (chunk === undefined || chunk === null || typeof chunk === "function") return;
    const bytes = typeof chunk === "string" ? Buffer.from(chunk, typeof encoding === "string" ? encoding : "utf8") : Buffer.from(chunk);
    rec.bytes += bytes.length;
    if (rec.bytes <= maxBody * 2) rec.sent.push(bytes);
  });
  const sent = (rec) => quietly(() => {
    if (rec.body === null && rec.sent.length) rec.body = unpacked(Buffer.concat(rec.sent), headerOf(rec.headers, "content-encoding")).toString("utf8");
    rec.sent = [];
    later(() => !rec.request && save(rec));
  });
  const headerOf = (list, name) => {
    for (const [k, v] of list || []) if (String(k).toLowerCase() === name) return String(v);
    return "";
  };
  // unpacked is a body without its packing; one that can't be unpacked is kept as it is.
  const unpacked = (bytes, encoding) => {
    const zlib = require("node:zlib");
    const how = { gzip: zlib.gunzipSync, "x-gzip": zlib.gunzipSync, deflate: zlib.inflateSync, br: zlib.brotliDecompressSync, zstd: zlib.zstdDecompressSync }[encoding];
    return (how && attempt(() => how(bytes, { maxOutputLength: maxBody }))) || bytes;
  };
  const answered = (rec, status, headers) => quietly(() => {
    rec.response = { status, headers, type: headerOf(headers, "content-type"), encoding: headerOf(headers, "content-encoding"), chunks: [], bytes: 0 };
  });
  const received = (rec, chunk) => quietly(() => {
    const res = rec.response;
    if (!res || !chunk) return;
    if (res.bytes + chunk.length > maxBody) res.truncated = true;
    if (!res.truncated) res.chunks.push(Buffer.from(chunk));
    res.bytes += chunk.length;
    rec.fresh = true;
  });
  const ended = (rec) => quietly(() => {
    if (rec.ended) return;
    if (rec.response && rec.response.encoding && !rec.response.truncated) rec.response.chunks = [unpacked(Buffer.concat(rec.response.chunks), rec.response.encoding)];
    rec.complete = !rec.aborted && !rec.error;
    finish(rec);
  });
  // watchedStream passes on what comes in as it comes in: adding a listener would make it flow.
  const watchedStream = (rec, stream) => {
    const push = stream.push;
    stream.push = function (chunk, ...rest) {
      if (chunk === null) ended(rec);
      else received(rec, chunk);
      return Reflect.apply(push, this, [chunk, ...rest]);
    };
  };
  const watchedWrites = (rec, target) => {
    for (const name of ["write", "end"]) {
      const inner = target[name];
      target[name] = function (chunk, encoding, ...rest) {
        sending(rec, chunk, encoding);
        const result = Reflect.apply(inner, this, [chunk, encoding, ...rest]);
        if (name === "end") sent(rec);
        return result;
      };
    }
    target.on && target.on("error", (e) => failed(rec, e));
  };
  const pairs = (headers) => Object.entries(headers || {}).filter(([k]) => !k.startsWith(":")).map(([k, v]) => [k, Array.isArray(v) ? v.join(", ") : String(v)]);
  const viaHTTP = (inner, scheme) => function (...args) {
    const request = Reflect.apply(inner, this, args);
    quietly(() => {
      const host = request.getHeader("host") || request.host;
      const rec = started(request.method, `${scheme}://${host}${request.path}`, pairs(request.getHeaders()));
      if (!rec) return;
      watchedWrites(rec, request);
      const emit = request.emit;
      request.emit = function (event, response, ...rest) {
        if (event === "response") quietly(() => {
          rec.headers = pairs(request.getHeaders());
          answered(rec, response.statusCode, pairs(response.headers));
          watchedStream(rec, response);
        });
        return Reflect.apply(emit, this, [event, response, ...rest]);
      };
    });
    return request;
  };
  quietly(() => {
    if (inBun) return; // its own http sends by fetch
    for (const scheme of ["http", "https"]) {
      const module = require("node:" + scheme);
      const request = viaHTTP(module.request, scheme);
      module.request = like(module.request, request);
      module.get = like(module.get, function get(...args) {
        const r = Reflect.apply(request, this, args);
        r.end();
        return r;
      });
    }
    const http2 = require("node:http2");
    const connect = http2.connect;
    http2.connect = like(connect, function (authority, ...args) {
      const session = Reflect.apply(connect, this, [authority, ...args]);
      const inner = session.request;
      session.request = function (headers, ...rest) {
        const stream = Reflect.apply(inner, this, [headers, ...rest]);
        quietly(() => {
          const h = headers || {};
          const rec = started(h[":method"] || "GET", new URL(h[":path"] || "/", String(authority)).href, pairs(h));
          if (!rec) return;
          watchedWrites(rec, stream);
          watchedStream(rec, stream);
          stream.on("response", (answer) => answered(rec, answer[":status"], pairs(answer)));
        });
        return stream;
      };
      return session;
    });
    require("node:module").syncBuiltinESMExports();

    const channels = require("node:diagnostics_channel");
    const requests = new WeakMap();
    const on = (name, f) => channels.subscribe("undici:request:" + name, (message) => quietly(() => f(requests.get(message.request), message)));
    const listed = (headers) => {
      if (typeof headers === "string") return headers.split("\r\n").filter(Boolean).map((l) => [l.slice(0, l.indexOf(":")), l.slice(l.indexOf(":") + 1).trim()]);
      const out = [];
      for (let i = 0; headers && i + 1 < headers.length; i += 2) out.push([String(headers[i]), String(headers[i + 1])]);
      return out;
    };
    // through has f called with what a method gets, before it; it answers whether there is such a method.
    const through = (target, name, f) => {
      const inner = target[name];
      if (typeof inner !== "function") return false;
      target[name] = function (chunk, ...rest) {
        f(chunk);
        return Reflect.apply(inner, this, [chunk, ...rest]);
      };
      return true;
    };
    on("create", (_, { request }) => {
      const rec = started(request.method, String(request.origin || "") + request.path, listed(request.headers));
      if (!rec) return;
      requests.set(request, rec);
      const body = request.body;
      if (typeof body === "string" || body instanceof Uint8Array) {
        sending(rec, body);
        sent(rec);
      } else if (body) rec.bodyWhy = "streamed body";
      // Before version 7 no channel has what is sent and received: the methods of the request get it in every version.
      through(request, "onBodySent", (chunk) => rec.body === null && sending(rec, chunk));
      rec.seesAnswer = through(request, "onData", (chunk) => received(rec, chunk));
    });
    on("bodySent", (rec) => rec && rec.body === null && sent(rec));
    on("bodyChunkReceived", (rec, { chunk }) => rec && !rec.seesAnswer && received(rec, chunk));
    on("headers", (rec, { response }) => rec && answered(rec, response.statusCode, listed(response.headers)));
    on("bodyChunkReceived", (rec, { chunk }) => rec && received(rec, chunk));
    on("trailers", (rec) => rec && ended(rec));
    on("error", (rec, { error }) => rec && failed(rec, error));
  });
})();
