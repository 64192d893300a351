// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import tagwatch.transport.TransportException;
import tagwatch.transport.Unloaded;
import tagwatch.transport.VerdictInForce;

/** What stays in the kernel after a source is closed: programs that record, and verdicts. */
record Remains(Settings settings) {

  /** The verdicts that the pinned kernel part holds. */
  List<VerdictInForce> verdicts() throws IOException, TransportException {
    Pins pins = new Pins(settings.pinDirectory());
    if (!pins.complete()) {
      return List.of();
    }
    try (KernelPart kernel = KernelPart.pinned(pins)) {
      return new Verdicts(kernel).inForce();
    }
  }

  /** Removes every pin; refused while an agent has the source open. */
  Unloaded remove() throws IOException, TransportException {
    Pins pins = new Pins(settings.pinDirectory());
    TagLocks locks = TagLocks.take(settings.pinDirectory(), Set.of());
    try {
      List<VerdictInForce> ended = List.of();
      List<String> remarks = List.of();
      try {
        ended = verdicts();
      } catch (TransportException e) {
        // Pins of another layout must go too, although nobody can read their verdicts.
        remarks = List.of("verdicts unknown: " + e.getMessage());
      }
      List<String> removed =
          pins.remove().stream().map(name -> pins.directory().resolve(name).toString()).toList();
      return new Unloaded(ended, removed, remarks);
    } finally {
      locks.close();
    }
  }
}
