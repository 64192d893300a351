// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import java.io.IOException;
import java.nio.file.Path;

/** The agent's memory: for each task, idle, and at work. */
final class MemoryLine implements Line {
  private static final double GOAL_BYTES = 2048;
  private static final double GOAL_MB = 90;
  private static final int FEW = 10;
  private static final int MORE = 1000;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public void measure(Lab lab, Report report) throws IOException {
    Desk desk = Desk.of(lab, Lab.TAG);
    Desk other = Desk.of(lab, Lab.OTHER_TAG);
    try (Watch idle = new Watch(lab, "memory-idle").start()) {
      Lab.pause(2_000);
      report.add(Row.single(name(), "resident, no tag", idle.residentMb(), "MB"));
    }
    try (Watch watch =
        new Watch(lab, "memory")
            .tag(Lab.TAG, "learn", "alert", desk.workload())
            .tag(Lab.OTHER_TAG, "learn", "alert", other.workload())
            .start()) {
      lab.say("learning two models");
      // with sleepers in it, or each of them would be an alert, which is another memory
      watch.learn(
          Lab.TAG,
          () -> {
            desk.mix(30_000);
            Sleepers.start(lab, desk.workload(), 3 * FEW).close();
          });
      other.teach(watch, Lab.OTHER_TAG);
      // learning is done once in a while; what stays is what a restarted agent has
      watch.stop();
      watch.start();
      watch.awaitModel(Lab.TAG);
      watch.awaitModel(Lab.OTHER_TAG);
      desk.mix(3_000_000);
      other.mix(3_000_000);
      watch.settled();
      report.add(
          Row.single(name(), "resident, two tags and models at work", watch.residentMb(), "MB")
              .atMost(GOAL_MB));
      tasks(lab, watch, desk.workload(), report);
    }
  }

  private void tasks(Lab lab, Watch watch, Path workload, Report report) throws IOException {
    try (Sleepers few = Sleepers.start(lab, workload, FEW)) {
      watch.settled();
      watch.heapBytes();
      long heap = watch.heapBytes();
      double resident = watch.residentMb();
      lab.say("%d tasks: heap %,d bytes, resident %.1f MB", few.count(), heap, resident);
      try (Sleepers more = Sleepers.start(lab, workload, MORE)) {
        watch.settled();
        watch.heapBytes();
        long heapNow = watch.heapBytes();
        double residentNow = watch.residentMb();
        lab.say("%d more: heap %,d bytes, resident %.1f MB", more.count(), heapNow, residentNow);
        report.add(
            Row.single(
                    name(), "heap for each watched task", (double) (heapNow - heap) / MORE, "bytes")
                .atMost(GOAL_BYTES)
                .with("residentBytesATask", (residentNow - resident) * (1 << 20) / MORE));
      }
    }
  }
}
