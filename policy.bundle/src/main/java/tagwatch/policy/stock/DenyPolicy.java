// SPDX-License-Identifier: Apache-2.0
package tagwatch.policy.stock;

import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import tagwatch.event.Verdict;
import tagwatch.policy.Policy;

/** Lets calls fail with {@code -EPERM}; refused where the transport cannot. */
@Component(
    name = DenyPolicy.PID,
    service = Policy.class,
    immediate = true, // a delayed component would forget what it spent when nobody holds it
    property = Policy.NAME + "=deny")
@Designate(ocd = EnforcementConfig.class)
public final class DenyPolicy extends EnforcingPolicy {
  static final String PID = "tagwatch.policy.deny";

  /** Starts with the defaults if the configuration is bad. */
  @Activate
  public DenyPolicy(Map<String, Object> configuration) {
    super(Verdict.Kind.DENY, PID, configuration);
  }

  @Modified
  void modified(Map<String, Object> configuration) {
    configure(configuration);
  }
}
