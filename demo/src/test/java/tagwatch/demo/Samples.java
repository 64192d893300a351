// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** What a demo could have seen. */
final class Samples {
  private Samples() {}

  static Sighting sighting(long id, boolean blocked, long sequence, long exitedAfterNs) {
    List<Double> scores =
        IntStream.range(0, 40).mapToObj(i -> i < 20 ? 0.4 : 0.4 + (i - 20) * 0.18).toList();
    return new Sighting(
        id,
        13107,
        1,
        100 + id,
        "busybox",
        scores.get(39),
        2.2,
        sequence,
        1_000_000 * id,
        1_000_000 * id + 10_000,
        exitedAfterNs < 0 ? OptionalLong.empty() : OptionalLong.of(1_000_000 * id + exitedAfterNs),
        exitedAfterNs < 0 ? OptionalLong.empty() : OptionalLong.of(id),
        blocked,
        blocked,
        "kill/subtree, done",
        scores);
  }

  static AttackRun run(Sighting... alerts) {
    return new AttackRun(Loot.NONE, List.of(alerts));
  }

  static DemoResult result(List<AttackRun> runs, long falseAlarms) {
    DemoResult.Training training = new DemoResult.Training(44_000, 1_300, 800, true, "listener");
    DemoResult.Benign benign = new DemoResult.Benign(500, 1_250, falseAlarms, 0);
    return new DemoResult(
        "ebpf-syscall",
        13107,
        "ab12",
        training,
        2.2,
        benign,
        AttackRun.sum(runs),
        true,
        100,
        99,
        98,
        1,
        1,
        0,
        900,
        80_000,
        90_000,
        new DemoResult.Other(13108, "cd34", training, 1.5, new DemoResult.Benign(200, 400, 0, 0)),
        List.of(new DemoResult.TagBooks(13107, 99, 98, 1, 0)),
        new DemoResult.Identities(true, true),
        new DemoResult.Control(5),
        new DemoResult.Untrained(50, 12),
        null,
        13107,
        30_000);
  }

  /** An alert as the shell prints it. */
  static JsonObject alert() {
    return JsonParser.parseString(
            """
            {"id":3,"wallClockMs":1700000000000,
             "detection":{"cause":"anomaly","task":{"threadId":12,"startTimeNs":5},
               "process":{"threadId":11,"startTimeNs":5},"tag":13107,
               "executable":{"path":"/x/busybox","buildId":""},"root":false,
               "score":2.5,"threshold":2.25,"window":[],"mostSurprising":[],
               "modelVersion":"markov-1","timestampNs":1000},
             "sequence":23,"gate":"enforce","verdict":{"kind":"kill","scope":"subtree"},
             "enforcement":{"outcome":"done","detail":""},"decidedNs":2000,
             "scores":[0.5,2.5],"exitedNs":51000,"callsAfter":0}
            """)
        .getAsJsonObject();
  }
}
