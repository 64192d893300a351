// SPDX-License-Identifier: Apache-2.0
package tagwatch.replay;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import tagwatch.event.Verdict;
import tagwatch.event.Vocabulary;
import tagwatch.transport.EventSource;
import tagwatch.transport.Finding;
import tagwatch.transport.Subscription;
import tagwatch.transport.Transport;
import tagwatch.transport.TransportException;

/**
 * Recordings as a source of events; there is none without files that were read and found good. The
 * speed changes when events are delivered, never their timestamps: these stay as recorded, but for
 * a second round or another boot (see {@link Playlist}).
 */
final class ReplayTransport implements Transport {
  /** Its {@link Transport#NAME}. */
  static final String REPLAY = "replay";

  static final Set<Verdict.Kind> VERDICTS =
      Set.of(Verdict.Kind.ALERT, Verdict.Kind.SUSPEND, Verdict.Kind.KILL);

  private static final int HASH_DIGITS = 16;

  private final ReplaySettings settings;
  private final List<CheckedRecording> recordings;
  private final AtomicLong opened;
  private final ReplayClock clock;

  private ReplayTransport(
      ReplaySettings settings,
      List<CheckedRecording> recordings,
      AtomicLong opened,
      ReplayClock clock) {
    this.settings = settings;
    this.recordings = recordings;
    this.opened = opened;
    this.clock = clock;
  }

  /**
   * Reads and checks all files.
   *
   * @param opened counts sources over all transports, so that two replays never share a domain
   * @throws IOException names the file and what is wrong with it
   */
  static ReplayTransport of(ReplaySettings settings, AtomicLong opened, ReplayClock clock)
      throws IOException {
    List<CheckedRecording> recordings = new ArrayList<>();
    for (Path file : settings.files()) {
      CheckedRecording next = CheckedRecording.of(file);
      if (!recordings.isEmpty() && !next.vocabulary().equals(recordings.get(0).vocabulary())) {
        throw new IOException(
            file
                + ": its vocabulary "
                + next.vocabulary()
                + " is not that of "
                + recordings.get(0).file()
                + ": play them apart");
      }
      recordings.add(next);
    }
    return new ReplayTransport(settings, recordings, opened, clock);
  }

  @Override
  public Vocabulary vocabulary() {
    return recordings.get(0).vocabulary();
  }

  @Override
  public Set<Verdict.Kind> verdicts() {
    return VERDICTS;
  }

  @Override
  public List<Finding> probe() {
    return recordings.stream().map(ReplayTransport::probe).toList();
  }

  private static Finding probe(CheckedRecording recording) {
    String facility = "recording " + recording.file();
    try {
      return new Finding(
          facility, true, CheckedRecording.of(recording.file()).summary().toString(), "");
    } catch (IOException e) {
      return new Finding(
          facility, false, String.valueOf(e.getMessage()), "restore the file or configure another");
    }
  }

  @Override
  public EventSource open(Subscription subscription) throws TransportException {
    if (subscription.mode() != Subscription.Mode.LIVE) {
      throw new TransportException(
          "a replay has no " + subscription.mode() + " mode: subscribe LIVE");
    }
    for (CheckedRecording recording : recordings) {
      try {
        recording.open().close();
      } catch (IOException e) {
        throw new TransportException(e.getMessage(), e);
      }
    }
    String hash =
        recordings.stream()
            .map(recording -> recording.hash().substring(0, HASH_DIGITS))
            .collect(Collectors.joining("+"));
    String domain = REPLAY + ":" + hash + ":" + opened.incrementAndGet();
    return new ReplaySource(domain, subscription, settings, recordings, clock);
  }

  @Override
  public String toString() {
    return REPLAY + recordings.stream().map(CheckedRecording::file).toList();
  }
}
