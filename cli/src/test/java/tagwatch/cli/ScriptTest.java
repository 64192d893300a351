// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code tagwatch}, in a small tree with two modules and a Maven that only leaves the
 * reports that a test wants.
 */
final class ScriptTest {
  private static final String STAND_IN =
      """
      #!/usr/bin/env bash
      echo "mvn $*" >>"$ROOT/target/calls"
      echo "[INFO] Building one 1                    [1/2]"
      if [[ -n ${REPORT_ONE:-} && "$*" == *verify* ]]; then
        mkdir -p "$ROOT/one/target/surefire-reports" "$ROOT/two/target/test-reports/run"
        echo "$REPORT_ONE" >"$ROOT/one/target/surefire-reports/TEST-one.xml"
        [[ -z ${REPORT_TWO:-} ]] || echo "$REPORT_TWO" >"$ROOT/two/target/test-reports/run/TEST-two.xml"
      fi
      echo "[ERROR] the compiler says no"
      exit "${MVN_EXIT:-0}"
      """;

  @TempDir Path root;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void growATree() throws IOException {
    executable("tagwatch", Files.readString(Shell.SCRIPT));
    executable("mvn", STAND_IN);
    write("pom.xml", "<version>1</version>\n<module>one</module>\n<module>two</module>\n");
    write("one/src/test/java/OneTest.java", "");
    write("two/pom.xml", "<artifactId>bnd-testing-maven-plugin</artifactId>");
    environment.put("ROOT", root.toString());
    environment.put("MVN", root.resolve("mvn").toString());
    environment.put("TAGWATCH_REQUIRE", "");
  }

  @Test
  void shouldBeSoundBash() throws Exception {
    assertThat(Shell.program(Map.of(), "bash", "-n", Shell.SCRIPT)).isEqualTo(new Shell(0, "", ""));
  }

  @Test
  void shouldPassShellcheck() throws Exception {
    boolean there = Shell.program(Map.of(), "sh", "-c", "command -v shellcheck").exit() == 0;
    assumeTrue(there || "all".equals(System.getenv("TAGWATCH_REQUIRE")), "no shellcheck");

    Path ci = Shell.SCRIPT.resolveSibling(".ci/run");
    assertThat(Shell.program(Map.of(), "shellcheck", Shell.SCRIPT, ci))
        .isEqualTo(new Shell(0, "", ""));
  }

  @Test
  void shouldHelpWithoutABuild() throws Exception {
    Shell help = tagwatch("help");

    assertThat(help.exit()).isZero();
    assertThat(help.out()).contains("demo").contains("Exit codes: 0 done");
    assertThat(tagwatch()).isEqualTo(help);
    assertThat(tagwatch("--help")).isEqualTo(help);
    assertThat(calls()).isEmpty();
  }

  @Test
  void shouldNameEveryCommandThatJavaKnows() throws Exception {
    String help = tagwatch("help").out();

    assertThat(Tagwatch.commandLine().getSubcommands().keySet())
        .filteredOn(name -> !name.equals("generate-completion"))
        .allSatisfy(name -> assertThat(help).containsPattern("\\b" + name + "\\b"));
  }

  @Test
  void shouldSayWhatItWouldInstallAndInstallNothing() throws Exception {
    // A path with bash's own needs only, so that everything else is missing.
    Path bin = Files.createDirectories(root.resolve("bin"));
    for (String program :
        new String[] {"bash", "cat", "cut", "dirname", "id", "mkdir", "readlink", "uname"}) {
      Path found =
          Path.of(Shell.program(Map.of(), "sh", "-c", "command -v " + program).out().strip());
      Files.createSymbolicLink(bin.resolve(program), found);
    }
    environment.put("PATH", bin.toString());
    environment.put("MVN", "mvn");
    environment.put("JAVA_HOME", "");

    Shell dry = tagwatch("setup", "--dry-run");

    assertThat(dry.exit()).isZero();
    assertThat(dry.out())
        .containsPattern("openjdk-17-jdk-headless +build +\\S")
        .containsPattern("busybox +run +\\S")
        .containsPattern("shellcheck +test +\\S")
        .contains("apt-get install --no-install-recommends openjdk-17-jdk-headless maven");
    Shell doctor = tagwatch("doctor", "--json");
    assertThat(doctor.exit()).isEqualTo(ExitCode.MISSING);
    assertThat(doctor.out()).contains("\"facility\":\"package clang\"").contains("\"live\":false");
    Shell run = tagwatch("build");
    assertThat(run.exit()).isEqualTo(ExitCode.MISSING);
    assertThat(run.err()).startsWith("tagwatch: missing: openjdk-17-jdk-headless");
  }

  @Test
  void shouldRefuseWhatItDoesNotKnow() throws Exception {
    assertThat(tagwatch("setup", "--wet-run").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(tagwatch("build", "fast").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(tagwatch("test", "three").err()).contains("'three'").contains("one two");
  }

  @Test
  void shouldBuildOnceAndAgainWhenASourceChanges() throws Exception {
    Shell first = tagwatch("build");
    assertThat(first.exit()).isZero();
    assertThat(first.err()).contains("building (once) ...").contains("[1/2] one");
    assertThat(calls()).containsExactly("mvn -B -DskipTests package");

    assertThat(tagwatch("build").err()).isEqualTo("The build is up to date.\n");

    Path source = write("one/src/main/java/One.java", "");
    Files.setLastModifiedTime(source, FileTime.fromMillis(System.currentTimeMillis() + 5_000));
    assertThat(tagwatch("build").err()).contains("building");
    assertThat(calls()).hasSize(2);
  }

  @Test
  void shouldNotBuildAgainForATestOrAText() throws Exception {
    tagwatch("build");
    FileTime later = FileTime.fromMillis(System.currentTimeMillis() + 5_000);
    Files.setLastModifiedTime(write("one/src/test/java/TwoTest.java", ""), later);
    Files.setLastModifiedTime(write("README.md", ""), later);

    assertThat(tagwatch("build").err()).isEqualTo("The build is up to date.\n");
  }

  @Test
  void shouldShowTheErrorsOfABuildThatFails() throws Exception {
    environment.put("MVN_EXIT", "1");

    Shell result = tagwatch("build");

    assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err())
        .contains("[ERROR] the compiler says no")
        .contains("target/build.log")
        .endsWith("tagwatch: the build failed\n");
    environment.put("MVN_EXIT", "0");
    assertThat(tagwatch("build").err()).contains("building");
  }

  @Test
  void shouldCountTestsByModule() throws Exception {
    environment.put("REPORT_ONE", suite(5, 0, 0, 1));
    environment.put("REPORT_TWO", suite(2, 0, 0, 0));

    Shell result = tagwatch("test");

    assertThat(result.exit()).isZero();
    assertThat(result.out()).containsPattern("one +5 run, 0 failed, 1 skipped");
    assertThat(result.out()).containsPattern("two +2 run, 0 failed, 0 skipped");
    assertThat(result.lastLine()).isEqualTo("6 passed, 0 failed, 1 skipped");
  }

  @Test
  void shouldFailWithTheTests() throws Exception {
    environment.put("REPORT_ONE", suite(5, 1, 1, 0));
    environment.put("REPORT_TWO", suite(2, 0, 0, 0));
    environment.put("MVN_EXIT", "1");

    Shell result = tagwatch("test");

    assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(result.lastLine()).isEqualTo("5 passed, 2 failed, 0 skipped");
  }

  @Test
  void shouldFailIfAModuleWithTestsRanNone() throws Exception {
    environment.put("REPORT_ONE", suite(5, 0, 0, 0));

    Shell result = tagwatch("test");

    assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(result.out()).containsPattern("two +ran none");
    assertThat(result.lastLine()).isEqualTo("5 passed, 1 failed, 0 skipped");
  }

  @Test
  void shouldNotCountTheReportsOfAnEarlierRun() throws Exception {
    write("one/target/surefire-reports/TEST-old.xml", suite(9, 0, 0, 0));
    write("two/target/test-reports/run/TEST-old.xml", suite(9, 0, 0, 0));

    assertThat(tagwatch("test").lastLine()).isEqualTo("0 passed, 2 failed, 0 skipped");
  }

  @Test
  void shouldFailForSkippedTestsWhereAllAreRequired() throws Exception {
    environment.put("REPORT_ONE", suite(5, 0, 0, 2));
    environment.put("REPORT_TWO", suite(2, 0, 0, 0));
    environment.put("TAGWATCH_REQUIRE", "all");

    Shell result = tagwatch("test");

    assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(result.lastLine()).isEqualTo("5 passed, 2 failed, 0 skipped");
  }

  @Test
  void shouldFailIfTheBuildFailsAfterGoodTests() throws Exception {
    environment.put("REPORT_ONE", suite(5, 0, 0, 0));
    environment.put("REPORT_TWO", suite(2, 0, 0, 0));
    environment.put("MVN_EXIT", "1");

    Shell result = tagwatch("test");

    assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(result.lastLine()).isEqualTo("7 passed, 1 failed, 0 skipped");
  }

  @Test
  void shouldRequireEverythingInCi() throws Exception {
    executable(".ci/run", Files.readString(Shell.SCRIPT.resolveSibling(".ci/run")));
    environment.put("REPORT_ONE", suite(5, 0, 0, 1));
    environment.put("REPORT_TWO", suite(2, 0, 0, 0));

    Shell result = Shell.program(environment, root.resolve(".ci/run"));

    assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(result.lastLine()).isEqualTo("6 passed, 1 failed, 0 skipped");
  }

  @Test
  void shouldTakeAWholeTestRunForABuild() throws Exception {
    environment.put("REPORT_ONE", suite(5, 0, 0, 0));
    environment.put("REPORT_TWO", suite(2, 0, 0, 0));
    tagwatch("test");

    assertThat(tagwatch("build").err()).isEqualTo("The build is up to date.\n");
  }

  @Test
  void shouldTestOnlyTheModulesThatAreNamed() throws Exception {
    environment.put("REPORT_ONE", suite(5, 0, 0, 0));

    Shell result = tagwatch("test", "one/");

    assertThat(result.lastLine()).isEqualTo("5 passed, 0 failed, 0 skipped");
    assertThat(calls())
        .containsExactly(
            "mvn -B -DskipTests -pl one -am install", "mvn -B --fail-at-end verify -pl one");
  }

  /** As surefire writes it: its sums are 0 for nested classes, and tests print what they like. */
  private static String suite(int tests, int errors, int failures, int skipped) {
    StringBuilder xml =
        new StringBuilder("<?xml version=\"1.0\"?>\n<testsuite name=\"a\" tests=\"0\">");
    int passed = tests - errors - failures - skipped;
    xml.append("<testcase name=\"a\"/>\n".repeat(passed));
    xml.append(
        "<testcase name=\"b\"><error type=\"E\"><![CDATA[x]]></error></testcase>".repeat(errors));
    xml.append("<testcase name=\"c\"><failure>y</failure></testcase>\n".repeat(failures));
    xml.append("<testcase name=\"d\">\n<skipped/>\n</testcase>".repeat(skipped));
    return xml.append("<system-out><![CDATA[<testcase>\n<failure/>]]></system-out></testsuite>")
        .toString();
  }

  private Shell tagwatch(Object... words) throws IOException, InterruptedException {
    Object[] command = new Object[words.length + 1];
    command[0] = root.resolve("tagwatch");
    System.arraycopy(words, 0, command, 1, words.length);
    return Shell.program(environment, command);
  }

  private List<String> calls() throws IOException {
    Path calls = root.resolve("target/calls");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  private Path write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private void executable(String name, String text) throws IOException {
    Files.setPosixFilePermissions(write(name, text), PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
