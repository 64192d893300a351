// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void shouldNameTheFieldAndTheRangeOfABadValue() {
    assertThatThrownBy(() -> new Settings(-1, "tagwatch", 20, List.of()))
        .hasMessageContaining("ring.bytes=-1")
        .hasMessageContaining("4096");
    assertThatThrownBy(() -> new Settings(12288, "tagwatch", 20, List.of()))
        .hasMessageContaining("ring.bytes=12288");
    assertThatThrownBy(() -> new Settings(4096, "tagwatch", 0, List.of()))
        .hasMessageContaining("snapshot.millis=0");
    assertThatThrownBy(() -> new Settings(4096, "../etc", 20, List.of()))
        .hasMessageContaining("pin.directory='../etc'");
  }

  @Test
  void shouldKeepWhatHoldsWhenAConfigurationIsBad() {
    EbpfTransport transport = new EbpfTransport(config(1 << 20, 50), Map.of());
    assertThat(transport.settings().ringBytes()).isEqualTo(1 << 20);
    transport.modified(config(1 << 20, -5), Map.of("felix.fileinstall.filename", "ebpf.cfg"));
    assertThat(transport.settings().snapshotMillis()).isEqualTo(50);
    transport.modified(config(1 << 21, 60), Map.of());
    assertThat(transport.settings()).isEqualTo(new Settings(1 << 21, "t", 60, List.of()));
    assertThat(new EbpfTransport(config(-1, 50), Map.of()).settings()).isEqualTo(Settings.DEFAULT);
  }

  @SuppressWarnings("BadAnnotationImplementation") // never compared
  private static EbpfTransport.Config config(int ringBytes, int snapshotMillis) {
    return new EbpfTransport.Config() {
      @Override
      public int ring_bytes() {
        return ringBytes;
      }

      @Override
      public String pin_directory() {
        return "t";
      }

      @Override
      public int snapshot_millis() {
        return snapshotMillis;
      }

      @Override
      public String[] executables() {
        return new String[0];
      }

      @Override
      public Class<? extends Annotation> annotationType() {
        return EbpfTransport.Config.class;
      }
    };
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
