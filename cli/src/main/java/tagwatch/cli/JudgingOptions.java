// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import picocli.CommandLine.Option;
import tagwatch.report.Rehearsed;
import tagwatch.report.ReportPage;
import tagwatch.report.Role;
import tagwatch.report.TrainingReport;

/** What a model is judged by. */
final class JudgingOptions {
  @Option(
      names = "--normal",
      paramLabel = "FILE",
      description = "Recording of normal use that the model was not trained on; may be repeated.")
  List<Path> normal = List.of();

  @Option(
      names = "--attack",
      paramLabel = "FILE",
      description = "Recording with an attack in it; may be repeated.")
  List<Path> attack = List.of();

  @Option(
      names = "--compare",
      paramLabel = "DIR",
      description = "Another model of the same tag, shown beside it on the same recordings.")
  Path compare;

  boolean given() {
    return !normal.isEmpty() || !attack.isEmpty() || compare != null;
  }

  /** Scores the recordings and judges the model. */
  TrainingReport judge(Path folder, List<Path> training, PrintWriter err)
      throws IOException, Failure {
    ModelFolder model = ModelFolder.at(folder);
    ModelFolder other = compare == null ? null : ModelFolder.at(compare);
    List<Role> roles = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    add(Role.NORMAL, normal, roles, files);
    add(Role.ATTACK, attack, roles, files);
    add(Role.TRAINING, training, roles, files);
    List<ImportedRecordings> own = new ArrayList<>();
    try {
      for (Path file : files) {
        own.add(ImportedRecordings.of(List.of(file), model.tag()));
      }
      List<Path> recordings = own.stream().map(it -> it.files().get(0)).toList();
      return TrainingReport.of(
          roles,
          rehearse(model, recordings, err),
          other == null ? null : rehearse(other, recordings, err),
          Instant.now());
    } finally {
      for (ImportedRecordings imported : own) {
        imported.close();
      }
    }
  }

  private static void add(Role role, List<Path> named, List<Role> roles, List<Path> files) {
    roles.addAll(Collections.nCopies(named.size(), role));
    files.addAll(named);
  }

  private static Rehearsed rehearse(ModelFolder model, List<Path> recordings, PrintWriter err)
      throws IOException, Failure {
    GogoLine line =
        new GogoLine("rehearse")
            .flag("--json", true)
            .word(model.path().toAbsolutePath())
            .words(recordings.stream().map(Path::toAbsolutePath).toList());
    OneShot.Result result = OneShot.run(line, err);
    if (result.exitCode() != ExitCode.OK) {
      throw new Failure(ExitCode.FAILED, result.reason());
    }
    return Rehearsed.parse(result.output());
  }

  /** Judges, writes the page and says in a few lines what it says. */
  void report(Path model, List<Path> training, Path page, PrintWriter out, PrintWriter err)
      throws IOException, Failure {
    TrainingReport report = judge(model, training, err);
    write(report, page);
    out.println(report.judgement().headline() + ". " + report.judgement().summary());
    report.judgement().missing().forEach(remedy -> out.println("  - " + remedy));
    out.println("report: " + page.toAbsolutePath());
    out.flush();
  }

  /** Writes the page beside and renames it in, so that a browser never shows half of one. */
  static void write(TrainingReport report, Path page) throws IOException {
    Path target = page.toAbsolutePath();
    Files.createDirectories(target.getParent());
    Path beside = target.resolveSibling(target.getFileName() + ".new");
    Files.writeString(beside, ReportPage.of(report));
    Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING);
  }
}
