// SPDX-License-Identifier: Apache-2.0
package tagwatch.replay;

import java.io.IOException;
import java.util.List;
import tagwatch.recording.RecordingReader;
import tagwatch.recording.RecordingVisitor;

/**
 * Recordings one after the other, and again. Times stay as recorded unless they would run backwards
 * (a second round, another boot): then the recording is shifted to begin 1 ms after the one before.
 */
final class Playlist implements AutoCloseable {
  private static final long PAUSE_NS = 1_000_000;

  private final List<CheckedRecording> recordings;
  private final long passes;
  private final Runnable passEnded;
  private long pass;
  private RecordingReader reader;
  private long shiftNs;
  private long scheduleShiftNs;
  private long lastNs = Long.MIN_VALUE;
  private long scheduleEndNs = -PAUSE_NS;

  /** Tells when a recording has ended and another one follows. */
  Playlist(List<CheckedRecording> recordings, int loops, Runnable passEnded) {
    this.recordings = recordings;
    this.passes = loops == 0 ? Long.MAX_VALUE : (long) loops * recordings.size();
    this.passEnded = passEnded;
  }

  /** Shows the next record, with the times of its file; false at the end. */
  boolean next(RecordingVisitor visitor) throws IOException {
    return load() && reader.next(visitor);
  }

  /** To be added to the times of the record that was shown last. */
  long shiftNs() {
    return shiftNs;
  }

  /** Recorded distance of the next record from the start of the list. */
  long nextScheduleNs() throws IOException {
    return load() ? reader.nextTimestampNs() + scheduleShiftNs : Long.MAX_VALUE;
  }

  private boolean load() throws IOException {
    while (reader == null || reader.nextTimestampNs() == Long.MAX_VALUE) {
      if (pass == passes) {
        return false;
      }
      if (reader != null) {
        passEnded.run();
      }
      open(recordings.get((int) (pass % recordings.size())));
      pass++;
    }
    return true;
  }

  private void open(CheckedRecording recording) throws IOException {
    close();
    reader = recording.open();
    long firstNs = recording.summary().firstTimestampNs();
    long beginNs = lastNs == Long.MIN_VALUE ? firstNs : Math.max(firstNs, lastNs + PAUSE_NS);
    shiftNs = beginNs - firstNs;
    lastNs = recording.summary().lastTimestampNs() + shiftNs;
    scheduleShiftNs = scheduleEndNs + PAUSE_NS - firstNs;
    scheduleEndNs = recording.summary().lastTimestampNs() + scheduleShiftNs;
  }

  @Override
  public void close() throws IOException {
    if (reader != null) {
      reader.close();
    }
  }
}
