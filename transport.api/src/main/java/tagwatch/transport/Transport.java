// SPDX-License-Identifier: Apache-2.0
package tagwatch.transport;

import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;
import tagwatch.event.Verdict;
import tagwatch.event.Vocabulary;

/**
 * A kind of event source, registered as a service with the property {@link #NAME}. The service is
 * there even where its kernel facilities are not: {@link #probe()} and {@link #open} say what is
 * missing. Any thread may call.
 */
@ConsumerType
public interface Transport {
  /**
   * Service property: the name by which configuration selects the transport, e.g. {@code
   * ebpf-syscall}.
   */
  String NAME = "transport.name";

  /** Hooks and features of its events. The same object for the life of the service. */
  Vocabulary vocabulary();

  /** Verdicts that it can carry out; a policy that needs more is refused when it is configured. */
  Set<Verdict.Kind> verdicts();

  /** Really tries each facility that it needs (loads, attaches, maps) and undoes it again. */
  List<Finding> probe();

  /**
   * Opens the source. Only one source per tag and kernel can be open.
   *
   * @throws TransportException names the facility that is missing, or the agent that holds the tag
   */
  EventSource open(Subscription subscription) throws TransportException;

  /**
   * Takes out of the kernel what sources left there when they were closed: recording and verdicts
   * end.
   *
   * @throws TransportException if a source is open
   */
  default Unloaded unload() throws TransportException {
    return Unloaded.NOTHING;
  }
}
