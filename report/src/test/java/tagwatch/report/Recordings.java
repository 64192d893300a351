// SPDX-License-Identifier: Apache-2.0
package tagwatch.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A scored recording, as a test wants it. */
final class Recordings {
  private final String file;
  private boolean complete = true;
  private long events = 50_000;
  private int processes = 900;
  private long gaps;
  private List<String> otherBuilds = List.of();
  private final List<Rehearsed.Peak> loudest = new ArrayList<>();
  private final List<Rehearsed.Event> surprising = new ArrayList<>();
  private final List<Rehearsed.Unknown> unknown = new ArrayList<>();

  private Recordings(String file) {
    this.file = file;
  }

  static Recordings named(String file) {
    return new Recordings(file);
  }

  static Rehearsed.Recording normal(String file) {
    return named(file).peak("/srv/busybox", 0.7f).peak("/srv/busybox", 0.6f).recording();
  }

  static Rehearsed.Recording attack(String file) {
    return named(file)
        .size(800, 12)
        .peak("/bin/dash", 9f)
        .surprising("x86_64/execve path=bin", false, 25f)
        .recording();
  }

  Recordings size(long ofEvents, int ofProcesses) {
    events = ofEvents;
    processes = ofProcesses;
    return this;
  }

  Recordings tornWithGaps(long count) {
    complete = false;
    gaps = count;
    return this;
  }

  Recordings ofBuild(String id) {
    otherBuilds = List.of(id);
    return this;
  }

  /** Adds a process; the loudest first. */
  Recordings peak(String executable, float score) {
    boolean above = score > Reports.THRESHOLD;
    loudest.add(
        new Rehearsed.Peak(
            4000 + loudest.size(),
            executable,
            false,
            120,
            score,
            90,
            0.3,
            above ? 51 : -1,
            above ? 0.2 : -1,
            List.of(
                new Rehearsed.Span(1, 2, 0, score / 2, 1), new Rehearsed.Span(2, 3, 0, score, 1)),
            List.of(new Rehearsed.Observation(90, "x86_64/close", 4f))));
    return this;
  }

  Recordings surprising(String event, boolean known, float surprise) {
    surprising.add(new Rehearsed.Event(event, known, 7, 3, surprise, surprise / 2));
    return this;
  }

  Recordings unknown(String event, long times) {
    unknown.add(new Rehearsed.Unknown(event, times));
    return this;
  }

  Rehearsed.Recording recording() {
    List<Rehearsed.Peak> above = loudest.stream().filter(it -> it.aboveEvent() >= 0).toList();
    Rehearsed.Histogram histogram =
        new Rehearsed.Histogram(0.02, List.of(new Rehearsed.Bin(3, events - 8)));
    return new Rehearsed.Recording(
        "/recordings/" + file,
        complete,
        events,
        processes,
        processes,
        12.5,
        gaps,
        otherBuilds,
        events - 8,
        Map.of("warm-up", 8L),
        above.size(),
        above.size(),
        histogram,
        histogram,
        List.of(new Rehearsed.Span(0, 0.1, 0, 0.4f, 100)),
        above.isEmpty() ? null : above.get(0),
        loudest,
        surprising,
        new Rehearsed.Coverage(
            51,
            50,
            List.of("x86_64/sysinfo"),
            unknown.stream().mapToLong(Rehearsed.Unknown::times).sum(),
            unknown),
        List.of(),
        true,
        40);
  }
}
