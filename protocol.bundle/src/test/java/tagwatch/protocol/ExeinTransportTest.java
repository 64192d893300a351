// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tagwatch.event.Feature;
import tagwatch.event.FeatureType;
import tagwatch.event.Verdict;
import tagwatch.netlink.NetlinkChannels;
import tagwatch.transport.EventSource;
import tagwatch.transport.Finding;
import tagwatch.transport.Subscription;
import tagwatch.transport.Subscription.Mode;
import tagwatch.transport.TransportException;

@Timeout(60)
class ExeinTransportTest {
  private static final Subscription WANTED = new Subscription(Set.of(7), Mode.SNAPSHOT);

  @TempDir private Path folder;
  private final AtomicInteger changes = new AtomicInteger();

  private ExeinTransport transport(Settings settings, Spoken spoken) {
    return new ExeinTransport(new NetlinkChannels(), settings, spoken, changes::incrementAndGet);
  }

  private static Settings with(Settings settings, OptionalInt legacyKey, List<String> deny) {
    return new Settings(
        settings.netlink(),
        settings.peer(),
        settings.queueBytes(),
        settings.keyFile(),
        legacyKey,
        settings.snapshotMillis(),
        settings.readySlots(),
        deny);
  }

  @Test
  void shouldLearnTheVocabularyThatTheKernelSideAnnounces() throws Exception {
    try (KernelSide kernel = new KernelSide(folder, "kernelside")) {
      Spoken spoken = Spoken.ask(new NetlinkChannels(), kernel.settings());
      assertThat(spoken.extended()).isTrue();
      assertThat(spoken.vocabulary().name()).isEqualTo("linux-lsm");
      assertThat(spoken.vocabulary().hooks()).hasSize(300);
      assertThat(spoken.vocabulary().featuresOf(299))
          .containsExactly(
              new Feature("count.low", FeatureType.COMMAND),
              new Feature("own.id", FeatureType.FLAGS));
      assertThat(spoken.features()).isEqualTo(600);
      assertThat(spoken.deniable()).hasSize(150).contains(299).doesNotContain(0);
      assertThat(spoken.verdicts()).containsExactlyInAnyOrder(Verdict.Kind.values());
      assertThat(spoken).isEqualTo(Spoken.ask(new NetlinkChannels(), kernel.settings()));
      assertThat(transport(kernel.settings(), spoken).probe()).allMatch(Finding::present);
      try (EventSource source = transport(kernel.settings(), spoken).open(WANTED)) {
        assertThat(source.sequenceDomain()).isEqualTo("exein:d0");
      }
      Settings wrong = with(kernel.settings(), OptionalInt.empty(), List.of("hook_1", "hook_2"));
      assertThatThrownBy(() -> transport(wrong, spoken).open(WANTED))
          .isInstanceOf(TransportException.class)
          .hasMessage("deny.hooks: 'hook_2' is no hook of this kernel that can refuse");
    }
  }

  @Test
  void shouldFallBackTo2020WithoutDoingAnyHarm() throws Exception {
    try (KernelSide kernel = new KernelSide(folder, "kernelside2020")) {
      Spoken spoken = Spoken.ask(new NetlinkChannels(), kernel.settings());
      assertThat(spoken).isEqualTo(Spoken.YEAR_2020);
      // the hello was a wrong key and an unknown message to it, and nothing else
      assertThat(kernel.tell("seen")).isEqualTo("0 0 0 1");
      try (EventSource source = transport(kernel.settings(), spoken).open(WANTED)) {
        assertThat(source.sequenceDomain()).startsWith("exein-2020:");
        assertThat(kernel.tell("seen")).startsWith("1 ");
      }
      Settings keyless = with(kernel.settings(), OptionalInt.empty(), List.of());
      assertThatThrownBy(() -> transport(keyless, spoken).open(WANTED))
          .isInstanceOf(TransportException.class)
          .hasMessageContaining("legacy.key");
    }
  }

  @Test
  void shouldAskForAnotherTransportWhenTheKernelSideChanges() throws Exception {
    try (KernelSide kernel = new KernelSide(folder, "kernelside")) {
      assertThatThrownBy(() -> transport(kernel.settings(), Spoken.YEAR_2020).open(WANTED))
          .isInstanceOf(TransportException.class)
          .hasMessageContaining("asked anew");
      assertThat(changes).hasValue(1);
    }
  }

  @Test
  void shouldSayWhatIsMissingOnAKernelWithoutTheModule() {
    Settings settings = Settings.DEFAULT;
    ExeinTransport transport = transport(settings, Spoken.YEAR_2020);
    assertThat(transport.probe()).hasSize(1);
    Finding finding = transport.probe().get(0);
    assertThat(finding.present()).isFalse();
    assertThat(finding.detail()).isEqualTo("the kernel has no netlink protocol 31");
    assertThat(finding.remedy()).contains("docs/kernel.md");
    assertThatThrownBy(() -> transport.open(WANTED))
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("the kernel has no netlink protocol 31")
        .hasMessageContaining("missing: netlink protocol 31");
  }

  @Test
  void shouldNameTheHooksOf2020() {
    assertThat(Spoken.YEAR_2020.vocabulary().hooks()).hasSize(207);
    assertThat(Spoken.YEAR_2020.vocabulary().nameOf(7)).isEqualTo("capable");
    assertThat(Spoken.YEAR_2020.vocabulary().nameOf(2)).isEqualTo("#2");
  }
}
