// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * One configuration of the factory {@code tagwatch.tag}. A configuration that is refused leaves the
 * tag as it was; the reason is told by {@code tagwatch:status} with the file that it came from.
 */
@Component(
    service = {},
    configurationPid = "tagwatch.tag",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = TagComponent.Config.class, factory = true)
public final class TagComponent {
  /** How a tag is watched. */
  @ObjectClassDefinition(name = "Tagwatch: a watched tag")
  public @interface Config {
    /** The tag in the {@code .exein} section. */
    @AttributeDefinition(description = "Tag of the executables, 0-65535")
    int tag() default -1;

    /** Name of a transport. */
    @AttributeDefinition(description = "Where events come from: ebpf-syscall, replay, netlink")
    String transport() default "ebpf-syscall";

    /** Mode of the transport. */
    @AttributeDefinition(description = "live: every event; snapshot: fetched when asked for")
    String mode() default "live";

    /** First gate. */
    @AttributeDefinition(
        description = "learn, monitor or enforce: the gate until tagwatch:gate sets another one")
    String gate() default "learn";

    /** Name of a policy. */
    @AttributeDefinition(description = "What follows from a detection: alert, suspend, deny, kill")
    String policy() default "alert";

    /** Verdict if the policy fails. */
    @AttributeDefinition(
        description = "Verdict if the policy fails or is gone: alert, suspend, kill")
    String failSafe() default "alert";

    /** Events kept per task. */
    @AttributeDefinition(description = "Events kept per task, a power of two, 128-4096")
    int retained() default 128;

    /** Time budget of a scorer. */
    @AttributeDefinition(
        description = "Microseconds a row that a scorer may take in the mean, 1-1000000")
    int rowBudget() default 250;

    /** Patience with a provider. */
    @AttributeDefinition(
        description =
            "Milliseconds that one call of a scorer, policy or transport may last, 50-60000")
    int watchdog() default 500;

    /** Bound of a model in shadow. */
    @AttributeDefinition(
        description =
            "Alarms that a model in shadow may raise and the incumbent does not, 0-1000000")
    int shadowAlarms() default 3;
  }

  private static final List<String> NUMBERS =
      List.of("tag", "retained", "rowBudget", "watchdog", "shadowAlarms");

  private final PlayerComponent player;
  private final String pid;

  /** Takes the tag up. */
  @Activate
  public TagComponent(
      @Reference PlayerComponent player, Config config, Map<String, Object> properties) {
    this.player = player;
    this.pid = String.valueOf(properties.get("service.pid"));
    modified(config, properties);
  }

  @Modified
  void modified(Config config, Map<String, Object> properties) {
    try {
      for (String field : NUMBERS) {
        requireNumber(properties, field);
      }
      player.configured(pid, TagSettings.of(config));
    } catch (IllegalArgumentException e) {
      Object file = properties.getOrDefault("felix.fileinstall.filename", pid);
      player.misconfigured(pid, file + ": " + e.getMessage());
    }
  }

  /** SCR would fail the component for a text that is no number, and not say which field it is. */
  private static void requireNumber(Map<String, Object> properties, String field) {
    Object value = properties.get(field);
    if (value != null && !value.toString().trim().matches("-?\\d{1,9}")) {
      throw new IllegalArgumentException(
          "field '" + field + "' is '" + value + "', allowed is a whole number");
    }
  }

  @Deactivate
  void deactivate() {
    player.unconfigured(pid);
  }
}
