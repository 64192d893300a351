// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands that take a pair as published in 2020: parameters and a network. */
final class PublishedModelCommandsTest {
  private static final String HOOKS = "69,49,128,-1,51,70,71,129,79,127,75,36,37,130,139,135";
  private static final int OTHER = 3;

  @TempDir Path folder;
  private Path ini;
  private Path network;
  private Path windows;

  @BeforeEach
  void write() throws IOException {
    ini = folder.resolve("config.ini");
    network = folder.resolve("model.tflite");
    windows = folder.resolve("windows.jsonl");
    parameters("0.5", HOOKS);
    try (InputStream in = getClass().getResourceAsStream("cnn-int8.tflite")) {
      Files.copy(in, network);
    }
  }

  private void parameters(String threshold, String hooks) throws IOException {
    Files.writeString(
        ini,
        "[PARAMS]\nwindow_size = 10\nrolling_size = 4\nthreshold = "
            + threshold
            + "\nhooks = "
            + hooks
            + "\ntag = 13107\n");
  }

  private Shell score(String... lines) throws IOException {
    Files.write(windows, List.of(lines));
    return Shell.tagwatch("score", "--ini", ini, "--model", network, "--in", windows);
  }

  private static String window(String process, int step, int next) {
    return String.format(
        "{\"seq\":\"%s\",\"step\":%d,\"window\":[69,49,128,135,51,70,71,129,79,7],\"next\":%d}",
        process, step, next);
  }

  private static List<JsonObject> answers(Shell result) {
    assertThat(result.err()).doesNotContain("tagwatch:");
    assertThat(result.exit()).isZero();
    return result
        .out()
        .lines()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .toList();
  }

  @Test
  void shouldDiluteTheFirstScoresOfEachProcess() throws Exception {
    List<JsonObject> answers =
        answers(
            score(window("a", 0, 69), window("a", 1, 69), window("b", 0, 69), window("a", 2, 69)));

    float error = answers.get(0).get("error").getAsFloat();
    assertThat(answers).extracting(it -> it.get("error").getAsFloat()).containsOnly(error);
    assertThat(answers)
        .extracting(it -> it.get("mean").getAsFloat())
        .containsExactly(error / 4, (error + error) / 4, error / 4, (error + error + error) / 4);
    assertThat(answers)
        .extracting(it -> it.get("signal").getAsInt())
        .containsExactly(
            answers.stream()
                .map(it -> it.get("mean").getAsFloat() > 0.5f ? 1 : 0)
                .toArray(Integer[]::new));
    assertThat(answers.get(3).get("seq").getAsString()).isEqualTo("a");
    assertThat(answers.get(3).get("step").getAsInt()).isEqualTo(2);
  }

  @Test
  void shouldTakeAHookThatIsNotListedForTheClassOfTheEntryMinusOne() throws Exception {
    JsonObject answer = answers(score(window("a", 0, 12345))).get(0);

    JsonArray output = answer.getAsJsonArray("output");
    assertThat(output).hasSize(16);
    assertThat((double) answer.get("error").getAsFloat())
        .isEqualTo(-Math.log(output.get(OTHER).getAsDouble()), within(1e-5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | is not JSON",
        "[] | is no JSON object",
        "{\"seq\":1} | field 'window' is missing",
        "{\"seq\":1,\"window\":[1],\"next\":2} | field 'window' has 1 ids, allowed are 10",
        "{\"seq\":1,\"window\":[1,1,1,1,1,1,1,1,1,\"x\"],\"next\":2} | window[9]",
      })
  void shouldRefuseALineByPlaceAndField(String line, String reason) throws Exception {
    Shell result = score(window("a", 0, 69), line);

    assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains("windows.jsonl, line 2").contains(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "high | 1,2,-1 | threshold",
        "0 | 1,2,-1 | threshold",
        "1 | 1,2,3 | -1 for every other hook",
        "1 | 1,1,-1 | distinct",
        "1 | 1,x,-1 | 'x'",
        "1 | 1,-2,-1 | -1..65535",
      })
  void shouldRefuseParametersByField(String threshold, String hooks, String reason)
      throws Exception {
    parameters(threshold, hooks);

    Shell result = score(window("a", 0, 69));

    assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains("config.ini").contains(reason);
  }

  @Test
  void shouldRefuseANetworkThatDoesNotFitTheParameters() throws Exception {
    parameters("1", "69,49,-1");

    Shell result = score(window("a", 0, 69));

    assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains("model.tflite").contains("[1, 10, 16], allowed: [1, 10, 3]");
  }

  @Test
  void shouldMakeAModelOfAPublishedPair() throws Exception {
    Path models = folder.resolve("models");
    Shell result =
        Shell.tagwatch(
            "model", "import", "--ini", ini, "--model", network, "--models", models, "--json");

    assertThat(result.exit()).isZero();
    JsonObject answer = JsonParser.parseString(result.out()).getAsJsonObject();
    Path written = Path.of(answer.get("path").getAsString());
    assertThat(written.getParent()).isEqualTo(models.resolve("13107"));
    assertThat(written.resolve("model.bin")).hasSameBinaryContentAs(network);
    JsonObject manifest =
        JsonParser.parseString(Files.readString(written.resolve("manifest.json")))
            .getAsJsonObject();
    assertThat(manifest.get("rollingStart").getAsString()).isEqualTo("zeros");
    assertThat(manifest.get("vocabulary").getAsString()).isEqualTo("exein-2020");
    assertThat(manifest.getAsJsonArray("symbols")).hasSize(15);
    assertThat(manifest.getAsJsonObject("options").get("otherClass").getAsString()).isEqualTo("3");
  }

  @Test
  void shouldNotMakeAModelOfANetworkThatTheEngineRefuses() throws Exception {
    Files.write(network, Arrays.copyOf(Files.readAllBytes(network), 20_000));
    Path models = folder.resolve("models");

    Shell result =
        Shell.tagwatch("model", "import", "--ini", ini, "--model", network, "--models", models);

    assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains("truncated?");
    assertThat(models).doesNotExist();
  }

  @Test
  void shouldGiveEveryMutantAnOutcomeAndTheSameOnesAgain() {
    Object[] command = {
      "fuzz", "model", "--seed", 5, "--count", 150, "--base", network, "--xnnpack", "--json"
    };
    Shell first = Shell.tagwatch(command);

    assertThat(first.exit()).isZero();
    JsonObject answer = JsonParser.parseString(first.out()).getAsJsonObject();
    long refused =
        answer.getAsJsonObject("refused").entrySet().stream()
            .mapToLong(reason -> reason.getValue().getAsLong())
            .sum();
    assertThat(answer.get("crashes").getAsInt()).isZero();
    assertThat(answer.get("accepted").getAsLong()).isPositive();
    assertThat(answer.get("accepted").getAsLong() + refused).isEqualTo(150);
    assertThat(Shell.tagwatch(command).out()).isEqualTo(first.out());
  }
}
