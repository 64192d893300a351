// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tagwatch.player.LearnRequest;
import tagwatch.player.PlayerException;
import tagwatch.scorer.LearnedModel;
import tagwatch.scorer.ModelException;

/** A model on disk: {@code TAG/VERSION/} with its content and, renamed in last, its manifest. */
final class ModelFolder {
  private static final String CONTENT = "model.bin";
  private static final int VERSION_DIGITS = 12;

  private ModelFolder() {}

  /** A model as it will stand in its folder. */
  static StoredModel model(
      LearnRequest request,
      EventLog log,
      List<String> symbols,
      LearnedModel learned,
      float threshold,
      Map<String, String> provenance) {
    String version =
        request.format()
            + "-"
            + StoredModel.sha256(Learning.identity(request, learned.content(), symbols, threshold))
                .substring(0, VERSION_DIGITS);
    ModelManifest manifest =
        new ModelManifest(
            ModelManifest.FORMAT_VERSION,
            request.tag(),
            version,
            request.format(),
            log.vocabulary().name(),
            symbols,
            request.features(),
            learned.window(),
            request.rolling(),
            threshold,
            request.rule(),
            Map.of(),
            Learning.buildIds(log),
            CONTENT,
            StoredModel.sha256(learned.content()),
            provenance);
    Path folder = request.models().resolve(Integer.toString(request.tag())).resolve(version);
    return StoredModel.of(folder, manifest, learned.content());
  }

  /** Writes content first and the manifest last, so that a half-written model is none. */
  static StoredModel write(Path models, StoredModel model) throws PlayerException, ModelException {
    Path folder = model.folder();
    model.manifest().check(folder.resolve(ModelManifest.FILE));
    try {
      Files.createDirectories(folder);
      // each beside and renamed: the same model may be there already, and be read right now
      Durable.write(folder.resolve(CONTENT), model.content());
      Durable.write(
          folder.resolve(ModelManifest.FILE),
          StandardCharsets.UTF_8.encode(model.manifest().json()));
      return model;
    } catch (IOException e) {
      throw new PlayerException("cannot write the model into " + models + ": " + e, e);
    }
  }
}
