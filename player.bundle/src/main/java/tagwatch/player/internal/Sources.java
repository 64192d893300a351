// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.Vocabulary;
import tagwatch.player.PlayerException;
import tagwatch.transport.EventSource;
import tagwatch.transport.Subscription;
import tagwatch.transport.Transport;
import tagwatch.transport.TransportCounter;
import tagwatch.transport.TransportException;
import tagwatch.transport.VerdictInForce;

/**
 * The open event sources. Tags that use the same transport in the same mode share one. Belongs to
 * the coordinator thread, but for what says otherwise.
 */
final class Sources {
  private static final Logger LOG = LoggerFactory.getLogger(Sources.class);

  private record Key(String transport, Subscription.Mode mode) {}

  private record Open(
      Transport transport,
      Vocabulary vocabulary,
      EventSource source,
      Drain drain,
      List<TagPlay> plays) {}

  /** Loading programs into a kernel takes its time, but not for ever. */
  private static final long OPENING_MS = 20_000;

  /** Is told of transports that misbehave. */
  interface Watcher {
    /** It threw; it is asked again. */
    void failed(List<TagPlay> plays, Enforcing.Target target, String reason);

    /** It did not come back from a call; its thread is left behind. */
    void lost(List<TagPlay> plays, Enforcing.Target target);
  }

  /** A transport that costs a thread each time it is opened is not opened for ever. */
  private static final int LOSSES_TOLERATED = 5;

  private final Map<Transport, Integer> losses = new ConcurrentHashMap<>();
  private final Watcher watcher;
  private final Registry<Transport> transports;
  private final Consumer<TagPlay> ready;
  private volatile Map<Key, Open> open = Map.of();

  /**
   * @param ready puts a tag's policy and model in service, before its first event comes: a busy
   *     task would overrun its ring while a model is opened
   */
  Sources(Registry<Transport> transports, Consumer<TagPlay> ready, Watcher watcher) {
    this.watcher = watcher;
    this.transports = transports;
    this.ready = ready;
  }

  /**
   * Closes what is no longer wanted and opens what is.
   *
   * @return whether a source could not be opened and should be tried again
   */
  boolean reconcile(Collection<TagPlay> plays) {
    Map<Key, List<TagPlay>> wanted = new LinkedHashMap<>();
    for (TagPlay play : plays) {
      Key key = new Key(play.settings().transport(), play.settings().mode());
      wanted.computeIfAbsent(key, absent -> new ArrayList<>()).add(play);
    }
    Map<Key, Open> now = new LinkedHashMap<>(open);
    for (Map.Entry<Key, Open> entry : open.entrySet()) {
      if (!stillRight(entry.getKey(), entry.getValue(), wanted.get(entry.getKey()))) {
        close(entry.getKey(), entry.getValue());
        now.remove(entry.getKey());
      }
    }
    open = Map.copyOf(now);
    boolean again = false;
    for (Map.Entry<Key, List<TagPlay>> entry : wanted.entrySet()) {
      if (!now.containsKey(entry.getKey())) {
        Open opened = tryOpen(entry.getKey(), entry.getValue());
        if (opened == null) {
          again = true;
        } else {
          now.put(entry.getKey(), opened);
        }
      }
    }
    open = Map.copyOf(now);
    return again;
  }

  private boolean stillRight(Key key, Open is, List<TagPlay> wanted) {
    return wanted != null
        && best(key.transport).map(best -> best.service() == is.transport).orElse(false)
        && wanted.equals(is.plays)
        && wanted.stream().allMatch(play -> play.isPrepared(is.vocabulary));
  }

  private Optional<Registry.Registered<Transport>> best(String name) {
    losses.keySet().removeIf(transport -> !transports.has(transport));
    return transports.all(name).stream()
        .filter(it -> losses.getOrDefault(it.service(), 0) < LOSSES_TOLERATED)
        .findFirst();
  }

  /** The watchdog's thread: leaves those behind that do not come back. */
  void relieve() {
    for (Open is : open.values()) {
      int patienceMs = is.plays.stream().mapToInt(it -> it.settings().watchdogMs()).max().orElse(0);
      if (is.drain.relieve(TimeUnit.MILLISECONDS.toNanos(patienceMs))) {
        losses.merge(is.transport, 1, Integer::sum);
        watcher.lost(is.plays, is.drain.target());
      }
    }
  }

  private Open tryOpen(Key key, List<TagPlay> plays) {
    Registry.Registered<Transport> transport = best(key.transport).orElse(null);
    if (transport == null) {
      plays.forEach(
          play ->
              play.transportProblem(
                  "transport '"
                      + key.transport
                      + (transports.best(key.transport).isEmpty()
                          ? "' is not there; there are " + transports.names()
                          : "' did not come back from calls; it is opened again when its bundle is"
                              + " started again")));
      return null;
    }
    try {
      return open(key, transport, plays);
    } catch (TransportException | PlayerException | RuntimeException | Error e) {
      String reason = e.getMessage() == null ? e.toString() : e.getMessage();
      LOG.debug("transport {} cannot be opened", key.transport, e);
      plays.forEach(play -> play.transportProblem(reason));
      return null;
    }
  }

  private Open open(Key key, Registry.Registered<Transport> registered, List<TagPlay> plays)
      throws TransportException, PlayerException {
    TreeSet<Integer> tags =
        plays.stream()
            .map(play -> play.settings().tag())
            .collect(Collectors.toCollection(TreeSet::new));
    Transport transport = registered.service();
    for (TagPlay play : plays) {
      play.prepare(transport);
      ready.accept(play);
    }
    String provider = registered.name() + " (" + registered.bundle() + ")";
    EventSource source = open(transport, provider, new Subscription(tags, key.mode));
    try {
      Intake.Side[] sides = new Intake.Side[plays.size()];
      for (int i = 0; i < sides.length; i++) {
        sides[i] = plays.get(i).attach(source, provider, key.mode == Subscription.Mode.LIVE);
      }
      Drain drain =
          new Drain(
              key.transport,
              new Enforcing.Target(source, provider),
              new Intake(sides),
              (target, reason) -> watcher.failed(plays, target, reason));
      drain.start();
      LOG.info("transport {} is open for tags {} in {} mode", key.transport, tags, key.mode);
      return new Open(transport, transport.vocabulary(), source, drain, plays);
    } catch (PlayerException | RuntimeException e) {
      source.close();
      plays.forEach(TagPlay::detach);
      throw e;
    }
  }

  private static EventSource open(Transport transport, String provider, Subscription to)
      throws TransportException, PlayerException {
    AtomicBoolean late = new AtomicBoolean();
    try {
      return Aside.call(
          "transport",
          OPENING_MS,
          () -> {
            EventSource opened = transport.open(to);
            if (late.get()) {
              opened.close();
            }
            return opened;
          });
    } catch (TimeoutException e) {
      late.set(true);
      throw new PlayerException(provider + " did not open within " + OPENING_MS / 1000 + " s", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TransportException refused) {
        throw refused;
      }
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new PlayerException(provider + " failed to open: " + cause, cause);
    }
  }

  private static void close(Key key, Open is) {
    is.drain.close();
    for (TagPlay play : is.plays) {
      play.detach();
    }
    LOG.info("transport {} is closed", key.transport);
  }

  /** Closes the sources of one transport; the next {@link #reconcile} opens them again. */
  void close(Transport transport) {
    Map<Key, Open> now = new LinkedHashMap<>(open);
    for (Map.Entry<Key, Open> entry : open.entrySet()) {
      if (entry.getValue().transport == transport) {
        close(entry.getKey(), entry.getValue());
        now.remove(entry.getKey());
      }
    }
    open = Map.copyOf(now);
  }

  /** The same for the transport whose source this is. */
  void close(EventSource source) {
    for (Open is : List.copyOf(open.values())) {
      if (is.source == source) {
        close(is.transport);
      }
    }
  }

  void closeAll() {
    open.forEach(Sources::close);
    open = Map.of();
  }

  /** Any thread: counters of all open sources. */
  Map<String, Map<TransportCounter, Long>> counters() {
    Map<String, Map<TransportCounter, Long>> counters = new TreeMap<>();
    open.forEach(
        (key, is) ->
            counters.put(
                // one transport can be open in both modes at once
                counters.containsKey(key.transport)
                    ? key.transport + " " + key.mode.name().toLowerCase(Locale.ROOT)
                    : key.transport,
                is.source.counters()));
    return counters;
  }

  /** Any thread. */
  List<VerdictInForce> verdicts() {
    return open.values().stream().flatMap(is -> is.source.verdictsInForce().stream()).toList();
  }

  /** Any thread: what uses a transport. */
  String users(Transport transport) {
    return open.values().stream()
        .filter(is -> is.transport == transport)
        .flatMap(is -> is.plays.stream())
        .map(play -> "tag " + play.settings().tag())
        .collect(Collectors.joining(", "));
  }
}
