// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;

class SwapFiguresTest {
  private static JsonObject load(long scored, long scoredOnce, long rss) {
    return JsonParser.parseString(
            """
            {"emitted":110,"accepted":100,"lost":10,"disorder":0,
             "accounting":{"delivered":100,"scored":%d,"unknown":{"WARM_UP":3,"GAP":2},
               "waiting":0,"rescored":40,"recovered":0,"refused":0,"gaps":0},
             "scoredOnce":%d,"strange":0,
             "swaps":{"scorer":20,"model":10,"policy":5,"transport":2},
             "lostBy":{"scorer":0,"model":0,"policy":0,"transport":10},
             "pausesUs":{"scorer new version beside":[1.0,2.0],"model used":[9.0]},
             "controlUs":[0.5,1.5],"retired":21,"held":["scorer.markov 0.1.1"],
             "growth":{"heapKb":1,"metaspaceKb":2,"rssKb":%d,"threads":0,"fds":0}}
            """
                .formatted(scored, scoredOnce, rss))
        .getAsJsonObject();
  }

  @Test
  void shouldHaveTheFieldsOfTheIssueAndNoOthers() {
    JsonObject json = new SwapFigures().json();

    assertThat(json.keySet())
        .containsExactly(
            "emitted",
            "delivered",
            "scored",
            "unknown",
            "waiting",
            "lost",
            "rescored",
            "twice",
            "swaps",
            "pause_us",
            "pause_us_control",
            "straddling_attacks",
            "leaks");
    assertThat(json.getAsJsonObject("leaks").keySet())
        .containsExactly("loaders", "heap_kb", "metaspace_kb", "rss_kb", "threads", "fds");
  }

  @Test
  void shouldAddUpLoadsAndTakeTheWorstLeak() {
    SwapFigures figures = new SwapFigures();
    figures.add(load(97, 95, 300));
    figures.add(load(90, 95, -50));

    JsonObject json = figures.json();

    assertThat(json.get("emitted").getAsLong()).isEqualTo(220);
    assertThat(json.get("unknown").getAsLong()).isEqualTo(10);
    assertThat(json.get("twice").getAsLong()).as("no load makes up for another").isEqualTo(2);
    assertThat(json.getAsJsonObject("swaps").get("scorer").getAsInt()).isEqualTo(40);
    assertThat(json.getAsJsonObject("pause_us").get("max").getAsDouble()).isEqualTo(9);
    assertThat(json.getAsJsonObject("pause_us_control").get("p50").getAsDouble()).isEqualTo(1);
    assertThat(json.getAsJsonObject("leaks").get("loaders").getAsInt()).isEqualTo(2);
    assertThat(json.getAsJsonObject("leaks").get("rss_kb").getAsLong()).isEqualTo(300);
  }
}
