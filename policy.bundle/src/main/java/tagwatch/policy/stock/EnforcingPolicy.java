// SPDX-License-Identifier: Apache-2.0
package tagwatch.policy.stock;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.Verdict;
import tagwatch.policy.Detection;
import tagwatch.policy.Policy;

/**
 * Gives one kind of verdict, within a budget, and softens it to an alert otherwise. Why it was
 * softened is logged once a minute for each tag and reason.
 */
abstract class EnforcingPolicy implements Policy {
  private final Verdict.Kind kind;
  private final String pid;
  private final LongSupplier clock;
  private final Logger log;
  private final ConcurrentMap<Integer, TagState> tags = new ConcurrentHashMap<>();
  private volatile Settings settings = Settings.DEFAULT;

  /** What is remembered of a tag. */
  private record TagState(MinuteBudget budget, OncePerMinute spent, OncePerMinute spared) {
    TagState() {
      this(new MinuteBudget(), new OncePerMinute(), new OncePerMinute());
    }
  }

  EnforcingPolicy(Verdict.Kind kind, String pid, Map<String, Object> configuration) {
    this(kind, pid, configuration, System::nanoTime, LoggerFactory.getLogger(pid));
  }

  /**
   * @param clock nanoseconds from any origin, never going back
   */
  EnforcingPolicy(
      Verdict.Kind kind,
      String pid,
      Map<String, Object> configuration,
      LongSupplier clock,
      Logger log) {
    this.kind = kind;
    this.pid = pid;
    this.clock = clock;
    this.log = log;
    configure(configuration);
  }

  /** Never throws: the framework would take a policy that does out of service, unprotected. */
  final void configure(Map<String, Object> configuration) {
    try {
      settings = Settings.of(pid, configuration);
    } catch (IllegalArgumentException e) {
      log.error("{}; still in force: {}", e.getMessage(), settings);
    }
  }

  @Override
  public final Verdict decide(Detection detection) {
    Settings current = settings;
    long nowNs = clock.getAsLong();
    TagState tag = state(detection.tag());
    if (current.spareRoot() && detection.root()) {
      soften(detection, tag.spared, nowNs, "it is the root of its tree and spareRoot is true");
      return Verdict.ALERT;
    }
    if (!tag.budget.spend(detection.process(), nowNs, current.budget())) {
      soften(
          detection, tag.spent, nowNs, "the budget of " + current.budget() + " a minute is spent");
      return Verdict.ALERT;
    }
    return new Verdict(kind, current.scope());
  }

  @Override
  public final Set<Verdict.Kind> requires() {
    return Set.of(kind);
  }

  private TagState state(int tag) {
    TagState known = tags.get(tag);
    return known != null ? known : tags.computeIfAbsent(tag, any -> new TagState());
  }

  private void soften(Detection detection, OncePerMinute messages, long nowNs, String reason) {
    long count = messages.due(nowNs);
    if (count > 0) {
      log.warn(
          "tag {}: only alert instead of {} for process {} ({}), because {}; {} since the last such"
              + " message; change it in {}",
          detection.tag(),
          kind.name().toLowerCase(Locale.ROOT),
          detection.process().threadId(),
          printable(detection.executable().path()),
          reason,
          count,
          pid);
    }
  }

  /** Whoever names a program must not be able to write lines of the log. */
  private static String printable(String path) {
    return path.replaceAll("\\p{Cntrl}", "?");
  }
}
