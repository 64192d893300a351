// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A lone visitor in the background, who comes again and again until closed. */
final class Drip implements AutoCloseable {
  private final List<Visit> visits;
  private final int port;
  private final long pauseMs;
  private final Thread thread = new Thread(this::visit, "tagwatch-demo-drip");
  private final List<String> faults = new ArrayList<>();
  private volatile boolean ended;
  private int paid;

  private Drip(ProtectedServer server, List<Visit> visits, long pauseMs) {
    this.port = server.port();
    this.visits = visits;
    this.pauseMs = pauseMs;
  }

  /** Starts to pay the visits, over and over. */
  static Drip start(ProtectedServer server, List<Visit> visits, long pauseMs) {
    Drip drip = new Drip(server, visits, pauseMs);
    drip.thread.setDaemon(true);
    drip.thread.start();
    return drip;
  }

  private void visit() {
    while (!ended) {
      Optional<String> fault = visits.get(paid % visits.size()).pay(port);
      paid++;
      fault.ifPresent(faults::add);
      try {
        Thread.sleep(pauseMs);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Lets the last visit end and tells what came of all. */
  Crowd.Outcome stop() throws InterruptedException {
    ended = true;
    thread.join();
    return new Crowd.Outcome(paid, faults);
  }

  @Override
  public void close() {
    ended = true;
  }
}
