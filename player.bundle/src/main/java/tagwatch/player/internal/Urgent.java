// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

/** Threads between an event and its verdict. */
final class Urgent {
  private Urgent() {}

  /** A thread for the task, made {@link #make urgent}. */
  static Thread thread(Runnable task, String name) {
    return make(new Thread(task, name));
  }

  /**
   * Makes it a daemon of the highest priority: on a busy device it would else wait a whole time
   * slice, milliseconds, while the process goes on. The JVM heeds it only with the options of
   * {@code AgentLauncher}; nothing is wrong without them, only slower.
   */
  @SuppressWarnings("ThreadPriorityCheck")
  static Thread make(Thread thread) {
    thread.setDaemon(true);
    thread.setPriority(Thread.MAX_PRIORITY);
    return thread;
  }
}
