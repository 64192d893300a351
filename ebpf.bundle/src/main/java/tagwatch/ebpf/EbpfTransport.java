// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.Verdict;
import tagwatch.event.Vocabulary;
import tagwatch.transport.EventSource;
import tagwatch.transport.Finding;
import tagwatch.transport.Subscription;
import tagwatch.transport.Transport;
import tagwatch.transport.TransportException;
import tagwatch.transport.Unloaded;

/** System calls of tagged tasks on stock kernels. */
@Component(
    service = Transport.class,
    immediate = true,
    configurationPid = EbpfTransport.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL,
    property = Transport.NAME + "=" + EbpfTransport.NAME)
@Designate(ocd = EbpfTransport.Config.class)
public final class EbpfTransport implements Transport {
  static final String PID = "tagwatch.ebpf";
  static final String NAME = "ebpf-syscall";

  private static final Logger LOG = LoggerFactory.getLogger(EbpfTransport.class);

  private volatile Settings settings;
  private final Vocabulary vocabulary = SyscallVocabulary.read();

  /** Configuration, with defaults for a device of a few cores. */
  @ObjectClassDefinition(
      id = PID,
      name = "Tagwatch eBPF transport",
      description = "How system calls of tagged programs come from the kernel")
  @interface Config {
    /** The ring between kernel and agent. */
    @AttributeDefinition(
        name = "Ring size",
        description = "bytes, a power of two; takes effect when the programs are loaded anew")
    int ring_bytes() default 4 << 20;

    /** Where the kernel part is pinned. */
    @AttributeDefinition(name = "Pin directory", description = "one name below /sys/fs/bpf")
    String pin_directory() default "tagwatch";

    /** Snapshot mode only. */
    @AttributeDefinition(name = "Snapshot interval", description = "milliseconds, 1 to 60000")
    int snapshot_millis() default 100;

    /** Programs that must be watched from their first execution on. */
    @AttributeDefinition(
        name = "Executables",
        description = "absolute paths of tagged programs; the last segment may be a glob")
    String[] executables() default {};
  }

  /** Takes a first configuration; a bad one is told, and the defaults hold. */
  @Activate
  public EbpfTransport(Config config, Map<String, Object> properties) {
    this(Settings.DEFAULT);
    modified(config, properties);
  }

  EbpfTransport(Settings settings) {
    this.settings = settings;
  }

  /** A bad configuration is told, by file and field, and changes nothing. */
  @Modified
  void modified(Config config, Map<String, Object> properties) {
    try {
      settings = settings(config);
    } catch (IllegalArgumentException e) {
      LOG.error(
          "configuration refused, {} stays: {}: {}",
          settings,
          properties.getOrDefault("felix.fileinstall.filename", PID),
          e.getMessage());
    }
  }

  static Settings settings(Config config) {
    return new Settings(
        config.ring_bytes(),
        config.pin_directory(),
        config.snapshot_millis(),
        List.of(config.executables()));
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public Set<Verdict.Kind> verdicts() {
    return EnumSet.of(Verdict.Kind.ALERT, Verdict.Kind.SUSPEND, Verdict.Kind.KILL);
  }

  @Override
  public List<Finding> probe() {
    return new Probe().run();
  }

  @Override
  public EventSource open(Subscription subscription) throws TransportException {
    try {
      LibBpf.load();
      return EbpfSource.open(settings, subscription);
    } catch (UnsatisfiedLinkError e) {
      throw new TransportException("libbpf 1.x is missing: apt install libbpf1", e);
    } catch (IOException e) {
      throw new TransportException(e.getMessage() + missing(), e);
    } catch (TransportException e) {
      throw e.getCause() == null ? e : new TransportException(e.getMessage() + missing(), e);
    }
  }

  @Override
  public Unloaded unload() throws TransportException {
    try {
      LibBpf.load();
      return new Remains(settings).remove();
    } catch (UnsatisfiedLinkError e) {
      throw new TransportException("libbpf 1.x is missing: apt install libbpf1", e);
    } catch (IOException e) {
      throw new TransportException(e.getMessage(), e);
    }
  }

  Settings settings() {
    return settings;
  }

  /** What the probe says, so that the first error names the remedy too. */
  private String missing() {
    StringBuilder text = new StringBuilder();
    for (Finding finding : probe()) {
      if (!finding.present()) {
        text.append("\nmissing: ").append(finding.facility()).append(": ").append(finding.remedy());
      }
    }
    return text.toString();
  }
}
