// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import tagwatch.transport.Finding;
import tagwatch.transport.TransportException;
import tagwatch.transport.VerdictInForce;

/** Shell commands about the kernel part, which also work while no source is open. */
@Component(
    service = EbpfCommands.class,
    immediate = true,
    configurationPid = EbpfTransport.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL,
    property = {
      "osgi.command.scope=tagwatch",
      "osgi.command.function=unload",
      "osgi.command.function=probe",
      "osgi.command.function=verdicts"
    })
public final class EbpfCommands {
  private final Settings settings;

  /** The same configuration as the transport's. */
  @Activate
  public EbpfCommands(EbpfTransport.Config config) {
    this(EbpfTransport.settings(config));
  }

  EbpfCommands(Settings settings) {
    this.settings = settings;
  }

  /** What the transport needs, and whether it is there. */
  public List<Finding> probe() {
    return new Probe().run();
  }

  /** The verdicts that the pinned kernel part holds. */
  public List<VerdictInForce> verdicts() throws IOException, TransportException {
    LibBpf.load();
    Pins pins = new Pins(settings.pinDirectory());
    if (!pins.complete()) {
      return List.of();
    }
    try (KernelPart kernel = KernelPart.pinned(pins)) {
      return new Verdicts(kernel).inForce();
    }
  }

  /**
   * Removes every pin, with which recording and all verdicts end; says what was in force. Refused
   * while an agent has the source open.
   */
  public String unload() throws IOException, TransportException {
    LibBpf.load();
    Pins pins = new Pins(settings.pinDirectory());
    StringBuilder text = new StringBuilder();
    TagLocks locks = TagLocks.take(settings.pinDirectory(), Set.of());
    try {
      text.append(verdictsThatEnd());
      List<String> removed = pins.remove();
      return text.append("removed ")
          .append(removed.size())
          .append(" pins from ")
          .append(pins.directory())
          .toString();
    } finally {
      locks.close();
    }
  }

  /** Pins of another layout must go too, although nobody can read their verdicts. */
  private String verdictsThatEnd() throws IOException {
    StringBuilder text = new StringBuilder();
    try {
      for (VerdictInForce verdict : verdicts()) {
        text.append("ends: ")
            .append(verdict.verdict())
            .append(" on process ")
            .append(verdict.process().threadId())
            .append('\n');
      }
    } catch (TransportException e) {
      text.append("verdicts unknown: ").append(e.getMessage()).append('\n');
    }
    return text.toString();
  }
}
