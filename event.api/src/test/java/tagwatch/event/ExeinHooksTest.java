// SPDX-License-Identifier: Apache-2.0
package tagwatch.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExeinHooksTest {

  @Test
  void shouldNameTheHooksOf2020() {
    Vocabulary vocabulary = ExeinHooks.vocabulary();

    assertThat(vocabulary.hooks()).hasSize(207);
    assertThat(vocabulary.nameOf(3)).isEqualTo("ptrace_access_check");
    assertThat(vocabulary.nameOf(69)).isEqualTo("file_permission");
    assertThat(vocabulary.idOf("file_permission")).hasValue(69);
    assertThat(vocabulary.nameOf(2)).as("no hook").isEqualTo("#2");
  }
}
