// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;

/** Leaves the protected server running, for anybody's traffic and attacks. */
final class Serving {
  private final DemoOptions options;
  private final Narrator narrator;
  private final LiveAgent agent;
  private final Arena arena;

  Serving(DemoOptions options, Narrator narrator, LiveAgent agent, Arena arena) {
    this.options = options;
    this.narrator = narrator;
    this.agent = agent;
    this.arena = arena;
  }

  /** Returns when the agent ends; ends with an interruption of the thread or the process. */
  void untilTheEnd() throws IOException, InterruptedException {
    arena.attacker().close();
    narrator.chapter("Serving until Ctrl-C");
    narrator.say(
        """
        Send it what you like:
          http://127.0.0.1:%1$d/
        Attack it by hand, in two other terminals:
          busybox nc -l -p %2$d
          curl 'http://127.0.0.1:%1$d%3$s'
        See what the player made of it:
          ./tagwatch shell --home %4$s
          then: alerts, why 1, ps, status, gate %5$d monitor
        """,
        arena.device().port(),
        options.listenerPort(),
        arena.attacker().target(),
        agent.home().root(),
        arena.device().tag());
    AlertDesk desk = new AlertDesk(agent.shell(), narrator);
    desk.take();
    try (PlayerLog log = new PlayerLog(agent.shell(), narrator)) {
      log.start();
      while (agent.alive()) {
        desk.take().forEach(alert -> narrator.say("%s", alert.line()));
        Thread.sleep(300);
      }
    }
  }
}
