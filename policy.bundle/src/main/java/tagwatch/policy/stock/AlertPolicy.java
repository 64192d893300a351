// SPDX-License-Identifier: Apache-2.0
package tagwatch.policy.stock;

import java.util.Set;
import org.osgi.service.component.annotations.Component;
import tagwatch.event.Verdict;
import tagwatch.policy.Detection;
import tagwatch.policy.Policy;

/** Tells, and does nothing; the default. */
@Component(name = "tagwatch.policy.alert", property = Policy.NAME + "=alert")
public final class AlertPolicy implements Policy {
  @Override
  public Verdict decide(Detection detection) {
    return Verdict.ALERT;
  }

  /** Nothing: telling somebody takes no transport. */
  @Override
  public Set<Verdict.Kind> requires() {
    return Set.of();
  }
}
