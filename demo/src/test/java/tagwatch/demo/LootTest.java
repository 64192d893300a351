// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LootTest {
  private static int completed(String text) {
    return new Loot(true, text, true).completed();
  }

  @Test
  void shouldCountNothingWhenNothingCame() {
    assertThat(Loot.NONE.completed()).isZero();
    assertThat(completed("")).isZero();
    assertThat(completed("sh: id: not found\n")).isZero();
  }

  @Test
  void shouldCountOutputEvenIfTheShellDiedBeforeItsMark() {
    assertThat(completed("uid=0(root) gid=0(root)\n")).isEqualTo(1);
    assertThat(completed("uid=0(root)\nDONE-1\nroot:x:0:0")).isEqualTo(2);
  }

  @Test
  void shouldCountMarksWithoutOutput() {
    assertThat(completed("DONE-1\nDONE-2\nDONE-3\n")).isEqualTo(3);
  }

  @Test
  void shouldNotCountAScriptThatDidNotRun() {
    assertThat(completed("DONE-1\nDONE-2\nDONE-3\nDONE-4\n")).isEqualTo(3);
  }

  @Test
  void shouldCountExitOnlyByTheEndOfTheConnection() {
    String all = "DONE-1\nDONE-2\nDONE-3\n" + Loot.SCRIPT_RAN + "\nDONE-4\n";
    assertThat(new Loot(true, all, false).completed()).isEqualTo(4);
    assertThat(new Loot(true, all, true).completed()).isEqualTo(Loot.COMMANDS);
  }
}
