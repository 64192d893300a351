// SPDX-License-Identifier: Apache-2.0
package tagwatch.replay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import tagwatch.event.Executable;
import tagwatch.event.Feature;
import tagwatch.event.FeatureType;
import tagwatch.event.Hook;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.event.Vocabulary;
import tagwatch.recording.RecordingHeader;
import tagwatch.recording.RecordingOptions;
import tagwatch.recording.RecordingWriter;
import tagwatch.transport.Subscription;
import tagwatch.transport.TransportException;

/** Recordings and sources to test with. Times are in steps of a microsecond from {@link #T0}. */
final class Recordings {
  static final long T0 = 1_000_000_000L;
  static final int TAG = 13107;

  private Recordings() {}

  /** What a recorder does. */
  interface Script {
    void run(RecordingWriter writer) throws IOException;
  }

  static Path write(Path file, Script script) throws IOException {
    return write(file, "v", script);
  }

  static Path write(Path file, String vocabulary, Script script) throws IOException {
    Hook open = new Hook(1, "open", List.of(new Feature("path", FeatureType.PATH_CLASS)));
    RecordingHeader header =
        new RecordingHeader(
            5, T0, "b", "test", new Vocabulary(vocabulary, Map.of(), List.of(open)), Map.of());
    try (RecordingWriter writer =
        RecordingWriter.open(file, header, new RecordingOptions(1, 64, Long.MAX_VALUE))) {
      script.run(writer);
    }
    return file;
  }

  static TaskKey key(int threadId) {
    return new TaskKey(threadId, threadId);
  }

  static TaskStart start(int threadId, int tag, Integer parent) {
    return new TaskStart(
        key(threadId),
        key(threadId),
        Optional.ofNullable(parent).map(Recordings::key),
        tag,
        Executable.UNKNOWN,
        T0,
        parent == null ? TaskStart.Origin.EXECUTED : TaskStart.Origin.FORKED);
  }

  static TaskStart thread(int threadId, int leader) {
    return new TaskStart(
        key(threadId),
        key(leader),
        Optional.of(key(leader)),
        TAG,
        Executable.UNKNOWN,
        T0,
        TaskStart.Origin.FORKED);
  }

  /** Event with its sequence as feature, so many microseconds after {@link #T0}. */
  static void event(RecordingWriter writer, int task, long sequence, long micros)
      throws IOException {
    ByteBuffer slots = ByteBuffer.allocate(2).order(ByteOrder.nativeOrder());
    slots.putShort(0, (short) sequence);
    writer.event(task, 1, sequence, T0 + micros * 1000, slots, 0, 2);
  }

  static ReplaySettings settings(String speed, int ring, Path... files) {
    return new ReplaySettings(List.of(files), Speed.parse(speed), 1, 1, ring);
  }

  static ReplaySource open(ReplaySettings settings, ReplayClock clock, Integer... tags)
      throws IOException, TransportException {
    return (ReplaySource)
        ReplayTransport.of(settings, new AtomicLong(), clock)
            .open(new Subscription(Set.of(tags), Subscription.Mode.LIVE));
  }
}
