// The little of WASI that the Go runtime asks for. There are no files, arguments or sockets.

const success = 0;
const badFile = 8;

/** What an instance imports. Output goes to the console: it is a panic's trace. */
export function wasi(memory: () => WebAssembly.Memory): Record<string, (...args: never[]) => number> {
  const view = () => new DataView(memory().buffer);
  const none = (count: number, size: number) => {
    view().setUint32(count, 0, true);
    view().setUint32(size, 0, true);
    return success;
  };
  return {
    args_get: () => success,
    args_sizes_get: none,
    environ_get: () => success,
    environ_sizes_get: none,
    clock_time_get: (_id: number, _precision: bigint, at: number) => {
      view().setBigUint64(at, BigInt(Date.now()) * 1_000_000n, true);
      return success;
    },
    random_get: (at: number, size: number) => {
      crypto.getRandomValues(new Uint8Array(memory().buffer, at, size));
      return success;
    },
    fd_write: (_fd: number, pieces: number, count: number, written: number) => {
      let text = "";
      let size = 0;
      for (let i = 0; i < count; i++) {
        const at = view().getUint32(pieces + 8 * i, true);
        const length = view().getUint32(pieces + 8 * i + 4, true);
        text += new TextDecoder().decode(new Uint8Array(memory().buffer, at, length));
        size += length;
      }
      console.error(text);
      view().setUint32(written, size, true);
      return success;
    },
    fd_close: () => success,
    fd_fdstat_get: () => badFile,
    fd_fdstat_set_flags: () => badFile,
    fd_prestat_get: () => badFile,
    fd_prestat_dir_name: () => badFile,
    poll_oneoff: () => success, // a panic sleeps before its trace is out
    sched_yield: () => success,
    proc_exit: (code: number) => {
      throw new Error(`the core has ended with ${code}`);
    },
  };
}
