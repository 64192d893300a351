// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tagwatch.player.PlayerException;
import tagwatch.player.Progress;
import tagwatch.player.RehearseReport;
import tagwatch.player.RehearseReport.RehearsedModel;
import tagwatch.player.RehearseReport.RehearsedRecording;
import tagwatch.player.RehearseRequest;
import tagwatch.recording.DamagePolicy;
import tagwatch.recording.RecordingReader;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.ScorerEngine;

/** Scores recordings with a model from its folder, with the engine that will run it. */
final class Trials {
  private final Function<String, Optional<ScorerEngine>> engines;

  Trials(Function<String, Optional<ScorerEngine>> engines) {
    this.engines = engines;
  }

  RehearseReport rehearse(RehearseRequest request, Progress progress) throws PlayerException {
    try {
      StoredModel model = StoredModel.read(request.model().resolve(ModelManifest.FILE));
      String format = model.manifest().format();
      ScorerEngine engine =
          engines
              .apply(format)
              .orElseThrow(
                  () ->
                      new PlayerException(
                          model.origin() + ": there is no engine for its format '" + format + "'"));
      ScorerBinding binding = ScorerBinding.open(model, engine, format);
      try {
        List<RehearsedRecording> done = new ArrayList<>();
        for (Path recording : request.recordings()) {
          done.add(rehearse(binding, recording, progress));
        }
        return new RehearseReport(describe(model), done);
      } finally {
        binding.close();
      }
    } catch (ModelException | ScorerBinding.ScoringException e) {
      throw new PlayerException(e.getMessage(), e);
    }
  }

  private static RehearsedModel describe(StoredModel model) {
    ModelManifest manifest = model.manifest();
    return new RehearsedModel(
        manifest.tag(),
        manifest.version(),
        manifest.format(),
        model.folder().toString(),
        manifest.sha256(),
        model.content().remaining(),
        model.classes(),
        manifest.features(),
        manifest.window(),
        manifest.rolling(),
        manifest.threshold(),
        manifest.rule(),
        manifest.buildIds(),
        manifest.provenance());
  }

  private static RehearsedRecording rehearse(ScorerBinding binding, Path file, Progress progress)
      throws PlayerException, ScorerBinding.ScoringException {
    String step = "scoring " + file.getFileName();
    progress.report(step, 0);
    long total = new Total(binding.model.manifest().tag()).of(file);
    long startedAt = System.nanoTime();
    try (RecordingReader reader = RecordingReader.open(file, DamagePolicy.STRICT)) {
      SymbolTable symbols = new SymbolTable(reader.header().vocabulary());
      Trial trial =
          new Trial(symbols, binding, total, done -> progress.report(step, (double) done / total));
      TagReading reading =
          new TagReading(
              binding.model.manifest().tag(), symbols, reader.header().bootId(), 0, trial);
      while (reader.next(reading)) {
        reading.step();
        trial.check();
      }
      progress.report(step, 1);
      long tookMs = (System.nanoTime() - startedAt) / 1_000_000;
      return trial.result(file.toString(), reader.summary().complete(), tookMs);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static PlayerException unreadable(Path file, IOException e) {
    return new PlayerException(e.getMessage() == null ? file + ": " + e : e.getMessage(), e);
  }

  /** Counts a tag's events; a recording's own summary knows only the sum over all tags. */
  private static final class Total implements TagReading.Sink {
    private final int tag;
    private long events;

    Total(int tag) {
      this.tag = tag;
    }

    long of(Path file) throws PlayerException {
      try (RecordingReader reader = RecordingReader.open(file, DamagePolicy.STRICT)) {
        SymbolTable symbols = new SymbolTable(reader.header().vocabulary());
        TagReading reading = new TagReading(tag, symbols, reader.header().bootId(), 0, this);
        while (reader.next(reading)) {
          reading.step();
        }
        if (events == 0) {
          throw new PlayerException(
              file
                  + ": no event of tag "
                  + tag
                  + ", which the model was learned for; the recording has the tags "
                  + reader.summary().tags());
        }
        return events;
      } catch (IOException e) {
        throw unreadable(file, e);
      }
    }

    @Override
    public void started(EventLog.Trace trace) {
      // only events are counted
    }

    @Override
    public void event(EventLog.Trace trace, short symbol, long sequence, long timeNs) {
      events++;
    }

    @Override
    public void broken(EventLog.Trace trace) {
      // only events are counted
    }

    @Override
    public void ended(EventLog.Trace trace) {
      // only events are counted
    }
  }
}
