// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import tagwatch.event.Verdict;
import tagwatch.player.PlayerException;
import tagwatch.policy.Policy;
import tagwatch.transport.Transport;

/**
 * Which policy judges a tag's detections; where none can, the fail-safe is the verdict. What was
 * decided before stays decided. Belongs to the coordinator thread, but for what says otherwise.
 */
final class PolicyChoice {
  private static final long ANSWER_MS = 2_000;

  private final Problems problems;
  private final SwapLog swaps;

  /**
   * Policies that did not come back from a call are not asked again until they are registered anew.
   */
  private final Set<Policy> lost = ConcurrentHashMap.newKeySet();

  private volatile Alarms.Judge judge;
  private Verdict failSafe;
  private TagStream told;

  PolicyChoice(Problems problems, SwapLog swaps) {
    this.problems = problems;
    this.swaps = swaps;
  }

  /** Any thread. */
  boolean uses(Policy candidate) {
    Alarms.Judge present = judge;
    return present != null && present.policy() == candidate;
  }

  /** It did not come back from a call. */
  void lose(Policy policy) {
    lost.add(policy);
  }

  /** Chooses anew. */
  void reconcile(
      TagSettings settings,
      TagStream stream,
      Registry<Policy> policies,
      Registry<Transport> transports) {
    Registry.Registered<Policy> best =
        policies.all(settings.policy()).stream()
            .filter(it -> !lost.contains(it.service()))
            .findFirst()
            .orElse(null);
    lost.removeIf(policy -> !policies.has(policy));
    String problem = best != null ? "" : missing(settings, policies);
    if (best != null && !uses(best.service())) {
      problem = misfit(settings, best.service(), transports);
      best = problem.isEmpty() ? best : null;
    }
    problems.note("policy", problem);
    Alarms.Judge next =
        best == null
            ? null
            : uses(best.service())
                ? judge
                : new Alarms.Judge(best.service(), best.name() + " (" + best.bundle() + ")");
    if (!Objects.equals(next, judge) || told != stream || !settings.failSafe().equals(failSafe)) {
      tell(next, settings, stream);
    }
  }

  private void tell(Alarms.Judge next, TagSettings settings, TagStream stream) {
    try {
      Pause pause = new Pause();
      stream.judge(next, settings.failSafe(), pause);
      if (!Objects.equals(next, judge) && told == stream) {
        swaps.add(SwapLog.Kind.POLICY, name(judge), name(next), 0, 0, 0, pause);
      }
      judge = next;
      failSafe = settings.failSafe();
      told = stream;
      problems.note("policy order", "");
    } catch (PlayerException e) {
      problems.note("policy order", e.getMessage());
    }
  }

  private static String name(Alarms.Judge judge) {
    return judge == null ? "" : judge.provider();
  }

  private static String missing(TagSettings settings, Registry<Policy> policies) {
    boolean isLost = !policies.all(settings.policy()).isEmpty();
    return "policy '"
        + settings.policy()
        + (isLost ? "' did not come back from a call" : "' is not there")
        + ", the fail-safe "
        + settings.failSafe()
        + " is used; there are "
        + policies.names();
  }

  /** Why the policy cannot be used with the transport; empty if it can. */
  private static String misfit(
      TagSettings settings, Policy policy, Registry<Transport> transports) {
    try {
      Set<Verdict.Kind> offered =
          transports
              .best(settings.transport())
              .map(best -> best.service().verdicts())
              .orElse(Set.of(Verdict.Kind.ALERT));
      Set<Verdict.Kind> required = Aside.call("policy", ANSWER_MS, policy::requires);
      return offered.containsAll(required)
          ? ""
          : "policy '"
              + settings.policy()
              + "' needs "
              + required
              + ", transport '"
              + settings.transport()
              + "' has "
              + offered
              + "; the fail-safe "
              + settings.failSafe()
              + " is used";
    } catch (TimeoutException | ExecutionException | RuntimeException e) {
      return "policy '"
          + settings.policy()
          + "' does not say what it needs ("
          + (e.getCause() == null ? e : e.getCause())
          + "); the fail-safe "
          + settings.failSafe()
          + " is used";
    }
  }
}
