// SPDX-License-Identifier: Apache-2.0
package tagwatch.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

class ReportPageTest {
  private static final String HOSTILE =
      "/tmp/</script><script>alert(1)</script><img src=x onerror=alert(2)>\u0007\u202e\u2028'\"&";

  private static Document page(Reports reports) {
    return Jsoup.parse(ReportPage.of(reports.report()));
  }

  private static Reports hostile() {
    return new Reports()
        .with(
            Role.NORMAL,
            Recordings.named("later.twr")
                .peak(HOSTILE, 0.5f)
                .surprising("x86_64/" + HOSTILE, true, 3f)
                .unknown(HOSTILE, 1)
                .recording())
        .with(Role.ATTACK, Recordings.named("attack.twr").peak(HOSTILE, 9f).recording())
        .with(Role.TRAINING, Recordings.named("t.twr").peak(HOSTILE, 1f).recording())
        .telling(HOSTILE, HOSTILE)
        .telling("threshold.setter", HOSTILE);
  }

  @Test
  void shouldNeedNothingButItself() {
    Document page = page(Reports.ready().compared());

    for (Element element : page.getAllElements()) {
      assertThat(element.normalName())
          .isNotIn("link", "iframe", "object", "embed", "base", "img", "audio", "video", "form");
      for (Attribute attribute : element.attributes()) {
        if (List.of("src", "srcset", "href", "xlink:href", "action").contains(attribute.getKey())) {
          assertThat(attribute.getValue()).as(element.outerHtml()).startsWith("#");
        }
        assertThat(attribute.getKey()).as("handlers").doesNotStartWith("on");
      }
    }
    String style = page.select("style").html();
    assertThat(style).isNotEmpty().doesNotContain("@import", "url(");
  }

  @Test
  void shouldForbidEveryRequestAndEveryOtherScript() throws Exception {
    Document page = page(Reports.ready());
    String policy = page.select("meta[http-equiv=Content-Security-Policy]").attr("content");

    assertThat(policy).contains("default-src 'none'").doesNotContain("http", "unsafe-eval");
    assertThat(Pattern.compile("script-src ([^;]*);").matcher(policy).results())
        .singleElement()
        .satisfies(it -> assertThat(it.group(1)).doesNotContain("unsafe-inline"));
    List<Element> scripts = page.select("script:not([type])");
    assertThat(scripts).hasSize(2);
    for (Element script : scripts) {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(script.data().getBytes(StandardCharsets.UTF_8));
      assertThat(policy).contains("'sha256-" + Base64.getEncoder().encodeToString(digest) + "'");
    }
  }

  @Test
  void shouldShowHostileNamesAsTextAndNothingElse() {
    Reports reports = hostile();
    Document page = page(reports);

    assertThat(page.select("script")).hasSize(3);
    assertThat(page.select("img, [onerror]")).isEmpty();
    assertThat(page.body().text()).contains("alert(2)>\\u0007\\u202e\\u2028");
    assertThat(page.select("body :not(script)").text()).doesNotContain("\u202e", "\u0007");
    JsonObject json =
        JsonParser.parseString(page.select("script#report").first().data()).getAsJsonObject();
    assertThat(json).isEqualTo(JsonParser.parseString(reports.report().json()));
    assertThat(json.getAsJsonObject("model").getAsJsonObject("provenance").has(HOSTILE)).isTrue();
  }

  @Test
  void shouldAnswerWithoutScripts() {
    Document page = page(Reports.ready().compared());

    assertThat(page.select("h1").text()).isEqualTo("Ready to enforce");
    assertThat(page.select(".summary").text()).contains("None of 900 normal processes");
    assertThat(page.select(".checks li")).hasSize(5);
    assertThat(page.select("table.events tr").text()).contains("execve", "path=bin", "7 ×");
    assertThat(page.text())
        .contains("A Markov model counts")
        .contains("markov beside tflite")
        .contains("Classes that do not occur");
    assertThat(page.select("[data-chart]").eachAttr("data-chart"))
        .containsExactly(
            "timeline", "attack", "peaks", "scores", "saturation", "coverage", "comparison");
    assertThat(page.select("[data-chart]").eachAttr("aria-label")).doesNotContain("");
  }

  @Test
  void shouldShowLossCurvesWhereThereAreSome() {
    Document page =
        page(
            Reports.ready()
                .format("tflite")
                .telling("loss.training", "0.9,0.4")
                .telling("loss.heldOut", "1.0,0.5"));

    assertThat(page.select("[data-chart=loss]")).hasSize(1);
    assertThat(page.text()).contains("2 epochs; the held-out loss was lowest after epoch 2: 0.500");
  }

  @Test
  void shouldSayWhatItCannotKnow() {
    Document page = page(new Reports().silentAbout("novelty").format("tflite"));

    assertThat(page.select("h1").text()).isEqualTo("Not ready to enforce yet");
    assertThat(page.select(".todo li")).hasSizeGreaterThanOrEqualTo(3);
    assertThat(page.text())
        .contains("No recording was given")
        .contains("its provenance has no loss.training")
        .contains("give the recording that the model was trained on with --training");
    assertThat(page.select("[data-chart]")).isEmpty();
  }
}
