// SPDX-License-Identifier: Apache-2.0
package tagwatch.policy.stock;

import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import tagwatch.event.Verdict;
import tagwatch.policy.Policy;

/** Ends the processes of the scope. */
@Component(
    name = KillPolicy.PID,
    service = Policy.class,
    immediate = true, // a delayed component would forget what it spent when nobody holds it
    property = Policy.NAME + "=kill")
@Designate(ocd = EnforcementConfig.class)
public final class KillPolicy extends EnforcingPolicy {
  static final String PID = "tagwatch.policy.kill";

  /** Starts with the defaults if the configuration is bad. */
  @Activate
  public KillPolicy(Map<String, Object> configuration) {
    super(Verdict.Kind.KILL, PID, configuration);
  }

  @Modified
  void modified(Map<String, Object> configuration) {
    configure(configuration);
  }
}
