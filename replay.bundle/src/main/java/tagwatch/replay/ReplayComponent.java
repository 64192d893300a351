// SPDX-License-Identifier: Apache-2.0
package tagwatch.replay;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.transport.Transport;

/**
 * Registers a replay transport for each good configuration. Not as a component service: SCR has
 * only one answer to a bad configuration, to withdraw the service, and here the good one before it
 * has to stay.
 */
@Component(
    immediate = true,
    service = {},
    configurationPid = ReplayComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Capability(
    namespace = "osgi.service",
    attribute = "objectClass:List<String>=\"tagwatch.transport.Transport\"",
    effective = "active")
@Designate(ocd = ReplayComponent.Config.class)
public final class ReplayComponent {
  static final String PID = "tagwatch.replay";

  private static final Logger LOG = LoggerFactory.getLogger(ReplayComponent.class);

  private final BundleContext context;

  /**
   * Counts on from the time of day: a component that comes after this one must not give its replays
   * the domains of this one's, or the player takes their first events for repeated ones.
   */
  private final AtomicLong opened =
      new AtomicLong(TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()));

  private ServiceRegistration<Transport> registration;

  /** What is played, and how. */
  @ObjectClassDefinition(name = "Tagwatch replay", description = "Plays recordings as a transport.")
  @interface Config {
    @AttributeDefinition(description = "Recordings, played one after the other.")
    String[] file() default {};

    @AttributeDefinition(
        description =
            "recorded, fast, or events per second (open loop: what does not fit is lost).")
    String speed() default "recorded";

    @AttributeDefinition(description = "How often the list is played; 0 without end.")
    int loop() default 1;

    @AttributeDefinition(description = "Parallel sets of processes, 1-256, for load tests.")
    int processes() default 1;

    @AttributeDefinition(description = "Events that fit between schedule and reader.")
    int ring_capacity() default 1 << 16;
  }

  /** Called by SCR. */
  @Activate
  public ReplayComponent(BundleContext context, Config config) {
    this.context = context;
    configure(config);
  }

  /** Called by SCR; a configuration that does not work leaves everything as it was. */
  @Modified
  void configure(Config config) {
    try {
      ReplaySettings settings =
          ReplaySettings.of(
              field("file", config::file),
              field("speed", config::speed),
              field("loop", config::loop),
              field("processes", config::processes),
              field("ring.capacity", config::ring_capacity));
      replace(ReplayTransport.of(settings, opened, ReplayClock.SYSTEM));
    } catch (IOException e) {
      refuse("file " + e.getMessage());
    } catch (IllegalArgumentException e) {
      refuse(e.getMessage());
    }
  }

  /** SCR converts a value when it is asked for, and its complaint does not name the field. */
  private static <T> T field(String name, Supplier<T> value) {
    try {
      return value.get();
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(name + " cannot be read: " + e.getMessage(), e);
    }
  }

  private void refuse(String reason) {
    LOG.error(
        "Configuration {} is refused, {}: {}",
        PID,
        registration == null ? "there is no replay" : "the replay before it stays",
        reason);
  }

  /** The new one first: whoever looks for a replay finds one at any moment. */
  private void replace(ReplayTransport transport) {
    ServiceRegistration<Transport> old = registration;
    registration =
        context.registerService(
            Transport.class,
            transport,
            FrameworkUtil.asDictionary(Map.of(Transport.NAME, ReplayTransport.REPLAY)));
    LOG.info("Replay of {} is ready", transport);
    if (old != null) {
      old.unregister();
    }
  }

  @Deactivate
  void deactivate() {
    if (registration != null) {
      registration.unregister();
      registration = null;
    }
  }
}
