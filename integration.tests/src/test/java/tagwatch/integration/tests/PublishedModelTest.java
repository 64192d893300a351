// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.ServiceReference;
import tagwatch.integration.tests.ServerWorkload.Written;
import tagwatch.player.PlayerException;
import tagwatch.scorer.Model;
import tagwatch.scorer.Scorer;
import tagwatch.scorer.ScorerEngine;

/**
 * Models published with Exein Core in 2020 and 840 records of the player of that time, from a
 * folder beside this tree: they are licensed otherwise.
 */
class PublishedModelTest {
  private static final Path WORKSPACE = Path.of(Agent.CONTEXT.getProperty("tagwatch.workspace"));
  private static final Path MODELS =
      WORKSPACE
          .resolve(System.getenv().getOrDefault("TAGWATCH_DATA", "../shared/data"))
          .resolve("exein-models");

  private static final String GOOD = "ARMEL-F-414162";
  private static final String TRUNCATED = "MIPSEL-F-414162";
  private static final int RECORDS = 840;
  private static final int WINDOW = 10;
  private static final int ROLLING = 10;
  private static final float SMALLEST = 1e-12f;

  /** Largest differences between an engine's answers and the records. */
  private static final class Differences {
    private int records;
    private double softmax;
    private double logarithm;
    private double mean;
    private int signals;

    @Override
    public String toString() {
      return records
          + " records: softmax "
          + softmax
          + ", ln p "
          + logarithm
          + ", rolling mean "
          + mean
          + ", other signals "
          + signals;
    }
  }

  /** A published network as an engine sees it. */
  private record Published(ByteBuffer bytes, int classes, Map<String, String> options)
      implements Model {
    @Override
    public String origin() {
      return GOOD;
    }

    @Override
    public int window() {
      return WINDOW;
    }

    @Override
    public ByteBuffer content() {
      return bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private Agent agent;

  @BeforeEach
  void needData() throws Exception {
    if (!"all".equals(System.getenv("TAGWATCH_REQUIRE"))) {
      assumeThat(MODELS).isDirectory();
    }
    agent = new Agent("published");
  }

  @AfterEach
  void end() throws Exception {
    if (agent != null) {
      agent.end();
    }
  }

  private static ScorerEngine engine() throws Exception {
    ServiceReference<?> reference =
        Agent.CONTEXT.getServiceReferences(ScorerEngine.class, "(scorer.format=tflite)").stream()
            .findFirst()
            .orElseThrow();
    return (ScorerEngine) Agent.CONTEXT.getService(reference);
  }

  private static List<Integer> hooks(String name) throws Exception {
    String line =
        Files.readAllLines(MODELS.resolve(name + "-config-13107.ini")).stream()
            .filter(it -> it.startsWith("hooks"))
            .findFirst()
            .orElseThrow();
    return Arrays.stream(line.substring(line.indexOf('=') + 1).strip().split(",", -1))
        .map(Integer::valueOf)
        .toList();
  }

  private static byte[] network(String name) throws Exception {
    return Files.readAllBytes(MODELS.resolve(name + "-model-13107.tflite"));
  }

  private static short[] classes(JsonObject record, List<Integer> hooks) {
    short[] row = new short[WINDOW + 1];
    JsonArray window = record.getAsJsonArray("window");
    for (int i = 0; i <= WINDOW; i++) {
      int hook = (i < WINDOW ? window.get(i) : record.get("next")).getAsInt();
      int listed = hooks.indexOf(hook);
      row[i] = (short) (listed < 0 ? hooks.indexOf(-1) : listed);
    }
    return row;
  }

  private static Differences compare(String xnnpack) throws Exception {
    List<Integer> hooks = hooks(GOOD);
    Model model =
        new Published(
            ByteBuffer.wrap(network(GOOD)),
            hooks.size(),
            Map.of("xnnpack", xnnpack, "otherClass", Integer.toString(hooks.indexOf(-1))));
    Differences differences = new Differences();
    try (Scorer scorer = engine().open(model)) {
      float[] last = new float[ROLLING];
      String sequence = "";
      for (String line : Files.readAllLines(MODELS.resolve(GOOD + "-golden.jsonl"))) {
        JsonObject record = JsonParser.parseString(line).getAsJsonObject();
        if (!record.get("seq").getAsString().equals(sequence)) {
          sequence = record.get("seq").getAsString();
          last = new float[ROLLING];
        }
        one(scorer, record, classes(record, hooks), last, differences);
      }
    }
    return differences;
  }

  /** The SPI tells the surprise of one next event; asked for each of them, it tells them all. */
  private static void one(
      Scorer scorer, JsonObject record, short[] row, float[] last, Differences differences) {
    JsonArray output = record.getAsJsonArray("output");
    short next = row[WINDOW];
    short[] rows = new short[output.size() * row.length];
    for (int i = 0; i < output.size(); i++) {
      row[WINDOW] = (short) i;
      System.arraycopy(row, 0, rows, i * row.length, row.length);
    }
    float[] surprises = new float[output.size()];
    scorer.score(rows, surprises.length, surprises);
    for (int i = 0; i < surprises.length; i++) {
      float golden = Math.max(SMALLEST, output.get(i).getAsFloat());
      differences.softmax =
          Math.max(differences.softmax, Math.abs(Math.exp(-surprises[i]) - golden));
      differences.logarithm =
          Math.max(differences.logarithm, Math.abs(surprises[i] + Math.log(golden)));
    }
    System.arraycopy(last, 1, last, 0, ROLLING - 1);
    last[ROLLING - 1] = surprises[next];
    float sum = 0;
    for (float surprise : last) {
      sum += surprise;
    }
    float mean = sum / ROLLING;
    differences.mean = Math.max(differences.mean, Math.abs(mean - record.get("mean").getAsFloat()));
    boolean signal = mean > record.get("threshold").getAsFloat();
    differences.signals += signal == (record.get("signal").getAsInt() == 1) ? 0 : 1;
    differences.records++;
  }

  @Test
  void shouldAnswerEveryRecordAsThePlayerOf2020() throws Exception {
    Differences differences = compare("false");

    assertThat(differences.records).isEqualTo(RECORDS);
    assertThat(differences.softmax).as(differences.toString()).isLessThan(2e-6);
    assertThat(differences.logarithm).as(differences.toString()).isLessThan(5e-5);
    assertThat(differences.mean).as(differences.toString()).isLessThan(5e-5);
    assertThat(differences.signals).as(differences.toString()).isZero();
  }

  @Test
  void shouldRaiseTheSameSignalsWithXnnpack() throws Exception {
    Differences differences = compare("true");

    System.out.println("XNNPACK: " + differences);
    assertThat(differences.softmax).as(differences.toString()).isEqualTo(0, within(1e-4));
    assertThat(differences.signals).as(differences.toString()).isZero();
  }

  @Test
  void shouldRefuseTheTruncatedOneInWordsWhileTheOldModelRunsOn() throws Exception {
    int tag = 323;
    Written training = new ServerWorkload(1).server(tag, 300).write(agent.work("t.rec"));
    ModelFiles model = ModelFiles.of(Agent.learn(tag, training.file(), agent.work("out"), "5"));
    agent.watch(tag, "gate", "monitor");
    agent.replay(training.file(), 4_000, 0);
    Path folder = Agent.models().resolve(Integer.toString(tag));
    model.copyTo(folder.resolve(model.version()));
    Await.until("running", () -> Agent.tag(tag).model().equals(model.version()));

    model
        .withContent(network(TRUNCATED))
        .withChecksumOfItsContent()
        .with("format", "\"markov\"", "\"tflite\"")
        .with("version", "\"" + model.version() + "\"", "\"tflite-published\"")
        .copyTo(folder.resolve("tflite-published"));
    Agent.known("tflite-published");

    assertThatThrownBy(() -> Agent.player().use(tag, "tflite-published"))
        .isInstanceOf(PlayerException.class)
        .hasMessageContainingAll("tflite-published", "operator codes", "86016 bytes; truncated?");
    assertThat(Agent.tag(tag).model()).isEqualTo(model.version());
    long scored = Agent.tag(tag).accounting().scored();
    Await.until("scoring on", () -> Agent.tag(tag).accounting().scored() > scored);
  }
}
