import { spawn } from 'node:child_process';

export interface NotifyOptions {
  /** Told where systemd could not be told. */
  readonly say: (text: string) => void;
  /** Default: that of the process. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/**
 * Tells systemd how a service of `Type=notify` is (sd_notify(3)): ready, alive as often as `WatchdogSec` wants it, ending.
 * Started otherwise it does nothing. Node has no datagrams for sockets of a file system, so systemd's own
 * `systemd-notify` is called, which is why the unit needs `NotifyAccess=all`.
 */
export class Notify {
  readonly #env: NodeJS.ProcessEnv;
  readonly #isOn: boolean;
  readonly #options: NotifyOptions;
  #watchdog: NodeJS.Timeout | undefined;
  #last: Promise<void> = Promise.resolve();
  #underWay = 0;
  #hasFailed = false;

  constructor(options: NotifyOptions) {
    this.#options = options;
    this.#env = options.env ?? process.env;
    this.#isOn = (this.#env['NOTIFY_SOCKET'] ?? '') !== '';
  }

  /** It has started, and listens. @param status a line for `systemctl status` */
  ready(status: string): void {
    if (!this.#isOn) return;
    // systemctl knows the process that was started, which may be another one than this: npx, a shell.
    this.#tell('READY=1', `MAINPID=${process.pid}`, `STATUS=${status}`);
    const { WATCHDOG_USEC: microseconds, WATCHDOG_PID: meant } = this.#env;
    const everyMs = Number(microseconds) / 2_000;
    if (!(everyMs > 0) || (meant !== undefined && meant !== String(process.pid))) return;
    this.#watchdog = setInterval(() => {
      // A systemd that takes its time is not told more often.
      if (this.#underWay === 0) this.#tell('WATCHDOG=1');
    }, everyMs);
    this.#watchdog.unref();
  }

  /** It ends. Signs of life go on until it has. */
  stopping(): void {
    if (this.#isOn) this.#tell('STOPPING=1');
  }

  /** Ends the signs of life; returns when systemd has been told all. */
  async close(): Promise<void> {
    clearInterval(this.#watchdog);
    await this.#last;
  }

  #tell(...assignments: readonly string[]): void {
    this.#underWay += 1;
    this.#last = this.#last
      .then(() => this.#call(assignments))
      .finally(() => {
        this.#underWay -= 1;
      });
  }

  #call(assignments: readonly string[]): Promise<void> {
    return new Promise((resolve) => {
      const child = spawn('systemd-notify', [...assignments], { env: this.#env, stdio: 'ignore' });
      const failed = (why: string): void => {
        if (!this.#hasFailed) this.#options.say(`systemd cannot be told how this service is: ${why}.`);
        this.#hasFailed = true;
        resolve();
      };
      child.once('error', () => {
        failed('systemd-notify cannot be run');
      });
      child.once('exit', (code) => {
        if (code === 0) resolve();
        else failed('systemd-notify failed');
      });
    });
  }
}
