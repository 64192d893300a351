// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;

class BooksTest {
  private static Books books(long emitted, long waiting) {
    return Books.of(
        JsonParser.parseString(
                """
                {"upMs":5,"firstScoreMs":812,"problems":[],"sources":
                 {"ebpf-syscall":{"emitted":%d,"lost":2,"uncovered":0,"tasks":7}}}
                """
                    .formatted(emitted))
            .getAsJsonObject(),
        JsonParser.parseString(
                """
                [{"tag":13107,"accounting":{"delivered":60,"scored":50,"waiting":%d,
                   "unknown":{"warm-up":4,"gap":6}}},
                 {"tag":13108,"accounting":{"delivered":38,"scored":38,"waiting":0,
                   "unknown":{"warm-up":0,"gap":0}}}]
                """
                    .formatted(waiting))
            .getAsJsonArray());
  }

  @Test
  void shouldReadWhatTheShellTells() {
    Books books = books(100, 0);
    assertThat(books.emitted()).isEqualTo(100);
    assertThat(books.delivered()).isEqualTo(98);
    assertThat(books.scored()).isEqualTo(88);
    assertThat(books.unknown()).isEqualTo(10);
    assertThat(books.tasks()).isEqualTo(7);
    assertThat(books.firstScoreMs()).isEqualTo(812);
    assertThat(books.settled()).isTrue();
  }

  @Test
  void shouldNotBeSettledWhileSomethingIsOnItsWay() {
    assertThat(books(101, 0).settled()).isFalse();
    assertThat(books(101, 0).identities().transport()).isFalse();
    assertThat(books(100, 1).settled()).isFalse();
    assertThat(books(100, 1).identities().player()).isFalse();
  }

  @Test
  void shouldAddUpTagByTag() {
    Books sum = books(100, 0).plus(books(100, 0));
    assertThat(sum.delivered()).isEqualTo(196);
    assertThat(sum.tags()).hasSize(2);
    assertThat(sum.settled()).isTrue();
  }
}
