/** The process and its time, from outside: a test plays them. */
export interface Host {
  /** Of the process that started this one; another one's when that has ended. */
  parentId(): number;
  exit(code: number): void;
  on(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void): void;
  /** Calls `then` after so many milliseconds, unless the returned function is called before. Keeps no process alive. */
  after(milliseconds: number, then: () => void): () => void;
  /** Calls `then` again and again. Keeps no process alive. */
  every(milliseconds: number, then: () => void): void;
}

export const thisProcess: Host = {
  parentId: () => process.ppid,
  exit: (code) => process.exit(code),
  on: (signal, listener) => void process.on(signal, listener),
  after: (milliseconds, then) => {
    const timer = setTimeout(then, milliseconds).unref();
    return () => clearTimeout(timer);
  },
  every: (milliseconds, then) => void setInterval(then, milliseconds).unref(),
};
