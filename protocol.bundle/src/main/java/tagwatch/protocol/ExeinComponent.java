// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.transport.ChannelProvider;
import tagwatch.transport.ChannelSettings;
import tagwatch.transport.Transport;

/**
 * Registers the transport with the vocabulary that the kernel's side announces, and another one in
 * its place when that changes, e.g. when the module is loaded after the agent was started.
 */
@Component(
    immediate = true,
    service = {},
    configurationPid = ExeinComponent.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
@Capability(
    namespace = "osgi.service",
    attribute = "objectClass:List<String>=\"tagwatch.transport.Transport\"",
    effective = "active")
@Designate(ocd = ExeinComponent.Config.class)
public final class ExeinComponent {
  static final String PID = "tagwatch.exein";

  private static final Logger LOG = LoggerFactory.getLogger(ExeinComponent.class);

  private final BundleContext context;
  private final ChannelProvider provider;
  // unregistering waits for who uses the service, and that may be who found the change
  private final ExecutorService renewal =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "tagwatch-exein-renewal");
            thread.setDaemon(true);
            return thread;
          });
  private Settings settings = Settings.DEFAULT;
  private ServiceRegistration<Transport> registration;

  /** How the kernel's side is spoken to. */
  @ObjectClassDefinition(
      id = PID,
      name = "Tagwatch Exein transport",
      description = "The security module and its netlink module, of 2020 or extended")
  @interface Config {
    /** Protocol number of the socket. */
    @AttributeDefinition(name = "Netlink protocol", description = "0 to 31, as the module has it")
    int netlink() default Protocol.NETLINK;

    /** The extended protocol's key. */
    @AttributeDefinition(name = "Key file", description = "64 hexadecimal digits")
    String key_file() default Protocol.KEY_PATH;

    /** The protocol of 2020. */
    @AttributeDefinition(
        name = "Key of 2020",
        description =
            "build key of a kernel side of 2020, e.g. 0x1a2b3c4d; empty: none is spoken to")
    String legacy_key() default "";

    /** Room for messages. */
    @AttributeDefinition(name = "Queue", description = "bytes, 32768 to 1073741824")
    int queue_bytes() default 8 << 20;

    /** Snapshot mode only. */
    @AttributeDefinition(name = "Snapshot interval", description = "milliseconds, 1 to 60000")
    int snapshot_millis() default 100;

    /** Snapshot mode only. */
    @AttributeDefinition(
        name = "Ready",
        description = "unfetched events at which a task is fetched at once, 0 (never) to 128")
    int ready_slots() default 48;

    /** Verdict deny. */
    @AttributeDefinition(name = "Deny", description = "hooks that deny refuses; none: all that can")
    String[] deny_hooks() default {};
  }

  /** Called by SCR. */
  @Activate
  public ExeinComponent(BundleContext context, @Reference ChannelProvider provider, Config config) {
    this.context = context;
    this.provider = provider;
    modified(config);
  }

  /** A bad configuration is told and changes nothing. */
  @Modified
  void modified(Config config) {
    try {
      settings = settings(config);
    } catch (IllegalArgumentException e) {
      LOG.error("configuration {} is refused, {} stays: {}", PID, settings, e.getMessage());
    }
    renew();
  }

  static Settings settings(Config config) {
    return new Settings(
        config.netlink(),
        ChannelSettings.KERNEL,
        config.queue_bytes(),
        Path.of(config.key_file()),
        key(config.legacy_key()),
        config.snapshot_millis(),
        config.ready_slots(),
        List.of(config.deny_hooks()));
  }

  private static OptionalInt key(String text) {
    if (text.isBlank()) {
      return OptionalInt.empty();
    }
    try {
      long key = Long.decode(text.strip());
      if (key < 0 || key > 0xffff_ffffL) {
        throw new NumberFormatException();
      }
      return OptionalInt.of((int) key);
    } catch (NumberFormatException e) {
      // the value is a secret and stays out of the message
      throw new IllegalArgumentException("legacy.key is no number of 32 bits", e);
    }
  }

  private Spoken ask() {
    try {
      return Spoken.ask(provider, settings);
    } catch (IOException e) {
      LOG.info("{}", e.getMessage());
      return Spoken.YEAR_2020;
    }
  }

  /** The new one first: whoever looks for the transport finds one at any moment. */
  private synchronized void renew() {
    ServiceRegistration<Transport> old = registration;
    ExeinTransport transport =
        new ExeinTransport(provider, settings, ask(), () -> renewal.execute(this::renew));
    registration =
        context.registerService(
            Transport.class,
            transport,
            FrameworkUtil.asDictionary(Map.of(Transport.NAME, ExeinTransport.EXEIN)));
    if (old != null) {
      old.unregister();
    }
  }

  @Deactivate
  void deactivate() {
    renewal.shutdownNow();
    synchronized (this) {
      registration.unregister();
    }
  }
}
