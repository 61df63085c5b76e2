# The edge in workerd: `edge/run.sh` builds dist and runs it. The environment says where the
# origin is, and the secret.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "edge", worker = .edge),
    (name = "outside", network = (allow = ["public", "private", "local"], tlsOptions = (trustBrowserCas = true))),
    (name = "disk", disk = (path = ".", writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:8787", http = (), service = "edge")],
);

const edge :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "dist/worker.js"),
    (name = "account.js", esModule = embed "dist/account.js"),
    (name = "admission.js", esModule = embed "dist/admission.js"),
    (name = "core.js", esModule = embed "dist/core.js"),
    (name = "delivery.js", esModule = embed "dist/delivery.js"),
    (name = "login.js", esModule = embed "dist/login.js"),
    (name = "messages.js", esModule = embed "dist/messages.js"),
    (name = "open.js", esModule = embed "dist/open.js"),
    (name = "origin.js", esModule = embed "dist/origin.js"),
    (name = "session.js", esModule = embed "dist/session.js"),
    (name = "sign.js", esModule = embed "dist/sign.js"),
    (name = "sse.js", esModule = embed "dist/sse.js"),
    (name = "sweep.js", esModule = embed "dist/sweep.js"),
    (name = "tail.js", esModule = embed "dist/tail.js"),
    (name = "topic.js", esModule = embed "dist/topic.js"),
    (name = "wasi.js", esModule = embed "dist/wasi.js"),
    (name = "core.wasm", wasm = embed "dist/core.wasm"),
  ],
  compatibilityDate = "2025-09-01",
  globalOutbound = "outside",
  bindings = [
    (name = "ORIGIN", fromEnvironment = "ORIGIN"),
    (name = "EDGE_SECRET", fromEnvironment = "EDGE_SECRET"),
    (name = "ADDRESS_HEADER", fromEnvironment = "ADDRESS_HEADER"),
    (name = "SWEEP_MS", fromEnvironment = "SWEEP_MS"),
    (name = "KEEP_MS", fromEnvironment = "KEEP_MS"),
    (name = "TRACE", fromEnvironment = "TRACE"),
    (name = "TOPIC", durableObjectNamespace = "Topic"),
  ],
  durableObjectNamespaces = [(className = "Topic", uniqueKey = "notewire-topic", enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
);
