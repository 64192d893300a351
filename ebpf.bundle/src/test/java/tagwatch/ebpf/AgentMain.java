// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.util.List;
import java.util.Set;
import tagwatch.transport.EventSource;
import tagwatch.transport.Subscription;

/** An agent in a process of its own, to be killed: pins, tag, program. */
final class AgentMain {
  private AgentMain() {}

  public static void main(String[] args) throws Exception {
    Settings settings = new Settings(1 << 20, args[0], 20, List.of(args[2]));
    Subscription subscription =
        new Subscription(Set.of(Integer.parseInt(args[1])), Subscription.Mode.LIVE);
    try (EventSource source = new EbpfTransport(settings).open(subscription)) {
      Watched watched = new Watched();
      System.out.println("ready");
      int known = 0;
      while (true) {
        if (source.poll(watched, 256) == 0) {
          source.awaitEvents(10_000_000);
        }
        if (watched.tasks.size() > known) {
          known = watched.tasks.size();
          System.out.println("started " + known);
        }
      }
    }
  }
}
