// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void shouldNameTheFieldAndTheRangeOfABadValue() {
    assertThatThrownBy(() -> new Settings(-1, "tagwatch", 20, List.of()))
        .hasMessageContaining("ring_bytes=-1")
        .hasMessageContaining("4096");
    assertThatThrownBy(() -> new Settings(12288, "tagwatch", 20, List.of()))
        .hasMessageContaining("ring_bytes=12288");
    assertThatThrownBy(() -> new Settings(4096, "tagwatch", 0, List.of()))
        .hasMessageContaining("snapshot_millis=0");
    assertThatThrownBy(() -> new EbpfTransport(new Settings(4096, "../etc", 20, List.of())))
        .hasMessageContaining("../etc");
  }

  @Test
  void shouldOfferItsVocabularyWithoutTheKernel() {
    EbpfTransport transport = new EbpfTransport(new Settings(4096, "t", 20, List.of()));
    assertThat(transport.vocabulary().name()).isEqualTo("linux-syscall");
    assertThat(transport.vocabulary().nameOf(0x0100_0101)).isEqualTo("x86_64/openat");
    assertThat(transport.vocabulary().featuresOf(0x0100_0101))
        .hasToString("[path:path-class, flags:open-flags]");
    assertThat(transport.vocabulary().missing(List.of("i386/socketcall", "x32/ioctl"))).isEmpty();
    assertThat(transport.probe()).isNotEmpty().allMatch(finding -> !finding.facility().isEmpty());
  }
}
