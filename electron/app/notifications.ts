import { Notification } from 'electron';
import type { Notice, NoticeCategory, Notifier } from '../core/ports.ts';
import type { Log } from '../storage/log.ts';

export interface NotificationDeps {
  icon: string;
  log: Log;
  /** The user looks at the window right now, where the same is to be seen. */
  isWindowFocused(): boolean;
  clicked(): void;
}

/** Shows notices on the desktop: one live notice per category. Each is logged too, since a desktop may drop it. */
export class DesktopNotifier implements Notifier {
  readonly #deps: NotificationDeps;
  /** Kept until closed: a collected one no longer tells of clicks. */
  readonly #live = new Map<NoticeCategory, Notification>();

  constructor(deps: NotificationDeps) {
    this.#deps = deps;
  }

  notify({ category, urgency, title, body }: Notice): void {
    const { icon, log, isWindowFocused, clicked } = this.#deps;
    log.info(`notice (${category}, ${urgency}): ${title}: ${body}`);
    this.close(category);
    if (!shouldNotify(urgency, isWindowFocused()) || !Notification.isSupported()) return;
    const critical = urgency === 'critical';
    const notification = new Notification({ title, body, icon, urgency, timeoutType: critical ? 'never' : 'default' });
    notification.on('click', clicked);
    notification.on('failed', (_event, error) => log.warn(`notice "${title}" was not shown: ${error}`));
    notification.on('close', () => {
      if (this.#live.get(category) === notification) this.#live.delete(category);
    });
    this.#live.set(category, notification);
    notification.show();
  }

  /** What it told no longer holds. */
  close(category: NoticeCategory): void {
    const old = this.#live.get(category);
    this.#live.delete(category);
    old?.close();
  }
}

/** What is critical is always shown: the window may be in front and nobody there. */
const shouldNotify = (urgency: Notice['urgency'], focused: boolean) => urgency === 'critical' || !focused;
