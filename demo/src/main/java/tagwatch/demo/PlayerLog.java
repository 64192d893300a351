// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.util.HashMap;
import java.util.Map;
import tagwatch.agent.AgentException;

/**
 * Tells which processes the player checks, in the manner of the white paper's MLE player. It asks
 * five times a second, so a process of a few milliseconds shows only by chance.
 */
final class PlayerLog implements AutoCloseable {
  private static final long PERIOD_MS = 200;

  private final AgentShell shell;
  private final Narrator narrator;
  private final Thread thread = new Thread(this::watch, "tagwatch-demo-log");
  private final Map<Long, String> known = new HashMap<>();

  PlayerLog(AgentShell shell, Narrator narrator) {
    this.shell = shell;
    this.narrator = narrator;
  }

  /** Begins to ask. */
  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        compare(shell.processes());
        Thread.sleep(PERIOD_MS);
      }
    } catch (AgentException e) {
      narrator.say("The list of processes cannot be read any more: %s", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void compare(Map<Long, String> now) {
    now.forEach(
        (pid, program) -> {
          if (known.putIfAbsent(pid, program) == null) {
            narrator.checking(pid, program);
          }
        });
    known
        .keySet()
        .removeIf(
            pid -> {
              boolean gone = !now.containsKey(pid);
              if (gone) {
                narrator.removing(pid);
              }
              return gone;
            });
  }

  /** Ends it; what it asks at the moment may be broken off. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
