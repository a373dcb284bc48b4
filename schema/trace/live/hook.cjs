// Records what a program sends to its model. Loaded before the program:
//
//   Node   NODE_OPTIONS="--require=/path/to/hook.cjs"
//   Bun    BUN_OPTIONS="--preload=/path/to/hook.cjs"      (executables made by Bun, too)
//
// Settings, all from the environment:
//
//   BUNDLENS_TRACE_DIR         the directory to write to; without it nothing is recorded
//   BUNDLENS_TRACE_PATHS       ends of the paths to record, with commas between; /v1/messages if not set
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
  const paths = split(env.BUNDLENS_TRACE_PATHS || "/v1/messages");
  const hosts = split(env.BUNDLENS_TRACE_HOSTS);
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

  // ---- secrets
  const secretHeader = new RegExp(rules.headers, "i");
  const secretVariable = new RegExp(rules.environment, "i");
  const patterns = rules.rules.map((r) => new RegExp(r.pattern, "g" + r.flags));
  const named = new Set(split(env.BUNDLENS_TRACE_SECRETS));

  class Redactor {
    constructor() {
      this.known = [];
      this.count = 0;
      for (const [name, value] of Object.entries(env)) {
        if (named.has(name) || secretVariable.test(name)) this.know(value);
      }
    }
    know(value) {
      if (typeof value !== "string" || value.length < rules.shortest || this.known.includes(value)) return;
      this.known.push(value);
      this.known.sort((a, b) => b.length - a.length); // one may hold another
    }
    headers(list) {
      const out = {};
      const plain = [];
      for (const [name, value] of list || []) {
        const key = String(name).toLowerCase();
        if (!secretHeader.test(key)) {
          plain.push([key, String(value)]);
          continue;
        }
        this.know(String(value));
        const at = String(value).indexOf(" ");
        if (at > 0) this.know(String(value).slice(at + 1));
        for (const pair of String(value).split(";")) {
          const eq = pair.indexOf("=");
          if (eq >= 0) this.know(pair.slice(eq + 1).trim());
        }
        this.count++;
        out[key] = rules.mask;
      }
      for (const [key, value] of plain) out[key] = this.text(value);
      return out;
    }
    text(text) {
      for (const value of this.known) {
        const parts = text.split(value);
        this.count += parts.length - 1;
        if (parts.length > 1) text = parts.join(rules.mask);
      }
      for (const p of patterns) {
        text = text.replace(p, (found, ...rest) => {
          if (found.includes(rules.mask)) return found; // taken out already
          this.count++;
          const [before, after] = rest.slice(0, -2);
          return after === undefined ? rules.mask : before + rules.mask + after;
        });
      }
      return text;
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
    out.url = red.text(rec.url);
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
    out.body = parsed(red.text(text));
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
    else out.body = parsed(red.text(res.truncated ? text.replace(/\S{0,4096}$/, "") : text));
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
    const runs = new Map();
    for (const e of events) {
      const delta = e.data && e.data.delta;
      if (!delta || typeof delta !== "object") continue;
      for (const field of Object.keys(delta)) {
        if (typeof delta[field] !== "string" || field === "type") continue;
        const key = `${e.data.index} ${field}`;
        if (!runs.has(key)) runs.set(key, []);
        runs.get(key).push([delta, field]);
      }
    }
    for (const run of runs.values()) {
      const clean = red.pieces(run.map(([delta, field]) => delta[field]));
      run.forEach(([delta, field], i) => (delta[field] = clean[i]));
    }
    return parsed(red.text(JSON.stringify(events)));
  };

  // ---- requests
  const wanted = (url) => {
    const u = new URL(url);
    const path = u.pathname.replace(/\/$/, "");
    return paths.some((p) => path.endsWith(p)) && (!hosts.length || hosts.includes(u.host) || hosts.includes(u.hostname));
  };
  const addressOf = (input) => (typeof input === "string" ? input : input instanceof URL ? input.href : input && input.url);

  // headersOf reads headers without touching those of the program.
  const headersOf = (input, init) => {
    const given = (init && init.headers) || (input && typeof input === "object" && !(input instanceof URL) && input.headers);
    return given ? [...new Headers(given).entries()] : [];
  };

  const bodyOf = (rec, input, init) => {
    const body = init && init.body !== undefined ? init.body : undefined;
    const text = typeof body === "string" ? body
      : body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8")
      : body instanceof ArrayBuffer ? Buffer.from(body).toString("utf8")
      : body instanceof URLSearchParams ? body.toString() : null;
    if (text !== null) {
      rec.body = text;
      rec.bytes = Buffer.byteLength(text);
      return;
    }
    // The body of a Request, or a Blob: read from a copy, while the request is on its way. A stream is the program's alone.
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
      id: `${stamp()}-${process.pid}-${String(++counter).padStart(4, "0")}`, start: Date.now(), startedAt: new Date().toISOString(),
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
        promise = calls.run(call, () => Reflect.apply(inner, globalThis, arguments));
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
})();
