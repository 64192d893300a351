// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures what an incomplete recording costs: requests to a harmless program that training never
 * ran, in the gate {@code monitor}.
 */
final class UntrainedProgram {
  private static final int REQUESTS = 50;

  /** Lies between two requests, so that an alert can be told to its request by time. */
  private static final long PAUSE_MS = 25;

  private final AgentShell shell;
  private final ProtectedServer device;
  private final AlertDesk desk;
  private final Narrator narrator;

  UntrainedProgram(AgentShell shell, ProtectedServer device, AlertDesk desk, Narrator narrator) {
    this.shell = shell;
    this.device = device;
    this.desk = desk;
    this.narrator = narrator;
  }

  DemoResult.Untrained measure() throws IOException, InterruptedException {
    narrator.chapter("A harmless program that training never ran (monitor only)");
    shell.gate(device.tag(), "monitor");
    List<Long> startsMs = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      startsMs.add(System.currentTimeMillis());
      DeviceSite.untrained()
          .pay(device.port())
          .ifPresent(fault -> narrator.say("Failed request: %s", fault));
      Thread.sleep(PAUSE_MS);
    }
    shell.settledBooks(2_000);
    int alarms =
        (int)
            desk.take().stream()
                .filter(alert -> alert.tag() == device.tag())
                .mapToLong(
                    alert ->
                        startsMs.stream().filter(start -> start <= alert.wallClockMs()).count())
                .distinct()
                .count();
    shell.gate(device.tag(), "enforce");
    narrator.say("%d of %d requests raised an alarm.", alarms, REQUESTS);
    return new DemoResult.Untrained(REQUESTS, alarms);
  }
}
