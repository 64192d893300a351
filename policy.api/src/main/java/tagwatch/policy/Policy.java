// SPDX-License-Identifier: Apache-2.0
package tagwatch.policy;

import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;
import tagwatch.event.Verdict;

/** Turns a detection into a verdict; a service with the property {@link #NAME}. */
@ConsumerType
public interface Policy {
  /** Service property: the name by which configuration selects the policy, e.g. {@code kill}. */
  String NAME = "policy.name";

  /**
   * Decides. Called by the scoring thread of the tag, several tags at the same time: it must answer
   * at once and not block. If it throws, the configured fail-safe verdict is used.
   */
  Verdict decide(Detection detection);

  /** The hardest verdicts that it may give; a transport that lacks one makes it refused. */
  Set<Verdict.Kind> requires();
}
