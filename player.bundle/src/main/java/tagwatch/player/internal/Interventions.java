// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tagwatch.event.TaskKey;
import tagwatch.event.Verdict;
import tagwatch.player.PlayerException;
import tagwatch.player.SessionStatus;
import tagwatch.transport.Enforcement;
import tagwatch.transport.EventSource;
import tagwatch.transport.VerdictInForce;

/**
 * Verdicts that somebody puts on processes by hand, and takes from them. Any thread may call.
 *
 * @param plays what is played now
 */
record Interventions(Supplier<Collection<TagPlay>> plays) {
  private record Found(TagPlay play, SessionStatus session) {}

  Enforcement block(int processId, Verdict verdict) throws PlayerException {
    Found found =
        find(processId)
            .orElseThrow(
                () ->
                    new PlayerException(
                        "process " + processId + " is not watched; tagwatch:ps lists what is"));
    Enforcement enforcement = source(found.play).enforce(found.session.task(), verdict);
    if (enforcement.outcome() == Enforcement.Outcome.DONE && verdict.kind() != Verdict.Kind.ALERT) {
      found.play.verdict(found.session.process(), verdict);
    }
    return enforcement;
  }

  Enforcement release(int processId) throws PlayerException {
    Optional<Found> found = find(processId);
    if (found.isPresent()) {
      Enforcement enforcement = source(found.get().play).release(found.get().session.task());
      // also when there was nothing to lift: it has none now
      found.get().play.verdict(found.get().session.process(), null);
      return enforcement;
    }
    for (TagPlay play : plays.get()) {
      EventSource source = play.source();
      Optional<TaskKey> held = source == null ? Optional.empty() : held(source, processId);
      if (held.isPresent()) {
        return source.release(held.get());
      }
    }
    throw new PlayerException("process " + processId + " is not watched and has no verdict");
  }

  private static Optional<TaskKey> held(EventSource source, int processId) {
    List<VerdictInForce> verdicts = source.verdictsInForce();
    return verdicts.stream()
        .map(VerdictInForce::process)
        .filter(process -> process.threadId() == processId)
        .findFirst();
  }

  private Optional<Found> find(int processId) throws PlayerException {
    for (TagPlay play : plays.get()) {
      Optional<SessionStatus> session =
          play.sessions().stream()
              .filter(it -> it.process().threadId() == processId)
              .min(Comparator.comparing(it -> it.task().threadId() == processId ? 0 : 1));
      if (session.isPresent()) {
        return Optional.of(new Found(play, session.get()));
      }
    }
    return Optional.empty();
  }

  private static EventSource source(TagPlay play) throws PlayerException {
    EventSource source = play.source();
    if (source == null) {
      throw new PlayerException("the transport of tag " + play.settings().tag() + " is not open");
    }
    return source;
  }
}
