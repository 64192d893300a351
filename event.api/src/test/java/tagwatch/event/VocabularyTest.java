// SPDX-License-Identifier: Apache-2.0
package tagwatch.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VocabularyTest {
  private static final Feature PATH = new Feature("path", FeatureType.PATH_CLASS);
  private final Vocabulary vocabulary =
      new Vocabulary(
          "linux-syscall",
          Map.of(1, "x86_64", 2, "i386"),
          List.of(
              new Hook(HookId.of(1, 0), "x86_64/read", List.of()),
              new Hook(HookId.of(1, 257), "x86_64/openat", List.of(PATH)),
              new Hook(HookId.of(2, 3), "i386/read", List.of())));

  @Test
  void shouldResolveNamesBothWays() {
    assertThat(vocabulary.idOf("x86_64/openat")).hasValue(0x0100_0101);
    assertThat(vocabulary.nameOf(0x0100_0101)).isEqualTo("x86_64/openat");
    assertThat(vocabulary.featuresOf(0x0100_0101)).containsExactly(PATH);
  }

  @Test
  void shouldKeepCallsThatNoTableListsApart() {
    int enosys = HookId.of(1, 0x200);
    assertThat(vocabulary.nameOf(enosys)).isEqualTo("x86_64/#512");
    assertThat(vocabulary.idOf("x86_64/#512")).hasValue(enosys);
    assertThat(enosys).isNotEqualTo(HookId.of(1, 0));
    assertThat(vocabulary.featuresOf(enosys)).isEmpty();
  }

  @Test
  void shouldSaturateNumbersInsteadOfMaskingThem() {
    assertThat(HookId.of(1, 0x0100_0000)).isEqualTo(HookId.of(1, HookId.OUT_OF_RANGE));
    assertThat(HookId.of(1, -1)).isEqualTo(HookId.of(1, HookId.OUT_OF_RANGE));
    assertThat(HookId.number(HookId.of(1, 0x00ff_fffe))).isEqualTo(0x00ff_fffe);
  }

  @Test
  void shouldNameWhatIsMissing() {
    assertThat(vocabulary.missing(List.of("x86_64/read", "x86_64/frobnicate", "file_open")))
        .containsExactly("x86_64/frobnicate", "file_open");
    assertThat(vocabulary.idOf("arm/#5")).isEmpty();
    assertThat(vocabulary.idOf("x86_64/#five")).isEmpty();
  }

  @Test
  void shouldRefuseTwoHooksWithOneIdOrName() {
    Hook read = new Hook(1, "read", List.of());
    assertThatThrownBy(
            () -> new Vocabulary("v", Map.of(), List.of(read, new Hook(1, "w", List.of()))))
        .hasMessageContaining("two hooks with id 1");
    assertThatThrownBy(
            () -> new Vocabulary("v", Map.of(), List.of(read, new Hook(2, "read", List.of()))))
        .hasMessageContaining("two hooks named read");
  }
}
