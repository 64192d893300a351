// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import tagwatch.event.Vocabulary;

/**
 * What a recording says about itself.
 *
 * @param wallClockNs nanoseconds since 1970-01-01T00:00Z when the recording began
 * @param bootTimeNs nanoseconds since boot, suspend included, at the same moment: the clock of all
 *     timestamps in the recording
 * @param bootId of the kernel, e.g. {@code /proc/sys/kernel/random/boot_id}; empty if unknown.
 *     Timestamps and tasks of two recordings are comparable only if their boot ids are equal.
 * @param source where the events come from, e.g. {@code ebpf-syscall}
 * @param vocabulary hooks and features of the events
 * @param provenance what somebody who finds the file later should know, free of host names and
 *     paths: versions, workload, seeds; written in the order of the keys
 */
public record RecordingHeader(
    long wallClockNs,
    long bootTimeNs,
    String bootId,
    String source,
    Vocabulary vocabulary,
    Map<String, String> provenance) {

  /** Copies the map; all parts are required. */
  public RecordingHeader {
    Objects.requireNonNull(bootId, "bootId");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(vocabulary, "vocabulary");
    provenance = Collections.unmodifiableMap(new TreeMap<>(provenance));
  }
}
